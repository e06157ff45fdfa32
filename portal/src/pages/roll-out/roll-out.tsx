export function RollOut() {
  return <h1>RollOut</h1>;
}
