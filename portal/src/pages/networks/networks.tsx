export function Networks() {
  return <h1>Networks</h1>;
}
