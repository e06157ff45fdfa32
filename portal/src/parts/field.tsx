import { type ReactNode, useId } from 'react';
import { ApiProblem } from '../api/client.js';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  /** What was wrong with the request; it is told here where `pointer` names this field. */
  error?: Error | null;
  pointer?: string;
  children: (attributes: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode;
}

/** A labelled field: the API's own words stand beside what they are about. */
export function Field({ label, hint, error = null, pointer = '', children }: FieldProps) {
  const id = useId();
  const wrong = error instanceof ApiProblem ? error.at(pointer) : null;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-about`, 'aria-invalid': wrong !== null })}
      <div id={`${id}-about`}>
        {wrong !== null && <div className="wrong">{wrong}</div>}
        {hint !== undefined && <div className="hint">{hint}</div>}
      </div>
    </div>
  );
}

/** What a form holds in a field, without blanks around it; a field that is not there is empty. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
