/** More than any client sets; what would go beyond is not set. */
const MAX_VARIABLES = 500;

/** Sets a variable as a client asks; an empty value unsets. */
export function assignVariable(variables: Map<string, string>, name: string, value: string): void {
  if (value === '') variables.delete(name);
  else if (variables.has(name) || variables.size < MAX_VARIABLES) variables.set(name, value);
}
