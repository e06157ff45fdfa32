export function UnknownPhones() {
  return <h1>UnknownPhones</h1>;
}
