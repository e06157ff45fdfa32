export function InstallationPage() {
  return <h1>InstallationPage</h1>;
}
