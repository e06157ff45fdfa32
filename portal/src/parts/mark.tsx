const DOTS = [
  [10.61, 19.88, 0.35],
  [6.25, 17.56, 0.43],
  [4.08, 13.11, 0.51],
  [4.94, 8.24, 0.59],
  [8.49, 4.81, 0.68],
  [13.39, 4.12, 0.76],
  [17.75, 6.44, 0.84],
  [19.92, 10.89, 0.92],
  [19.06, 15.76, 1],
] as const;

/** The mark of Dialgate: the holes of a dial. */
export function Mark() {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" fill="currentColor" aria-hidden="true">
      {DOTS.map(([x, y, opacity]) => (
        <circle key={x} cx={x} cy={y} r="1.9" opacity={opacity} />
      ))}
      <circle cx="12" cy="12" r="2.6" />
    </svg>
  );
}
