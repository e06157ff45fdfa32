export function TenantPage() {
  return <h1>TenantPage</h1>;
}
