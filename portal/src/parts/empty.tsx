import type { ReactNode } from 'react';
import { Link } from 'wouter';

interface EmptyProps {
  title: string;
  hint?: string;
  link?: { to: string; text: string };
  children?: ReactNode;
}

/** Where nothing is to be shown: why, and what to do next. */
export function Empty({ title, hint, link, children }: EmptyProps) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {hint !== undefined && <p className="muted">{hint}</p>}
      {link !== undefined && (
        <Link className="btn" to={link.to}>
          {link.text}
        </Link>
      )}
      {children}
    </div>
  );
}
