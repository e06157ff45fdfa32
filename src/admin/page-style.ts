/** Of the pages that need no portal. In the page itself, and allowed there by its digest. */
export const PAGE_STYLE = `
  :root { color-scheme: light dark; --text: #1b2430; --dim: #5b6776; --line: #dde3ea; --soft: #f4f6f9; --good: #16794c; --bad: #b42318 }
  @media (prefers-color-scheme: dark) {
    :root { --text: #e6ebf2; --dim: #9aa7b6; --line: #2c3644; --soft: #1a222d; --good: #4cc38a; --bad: #ff8a7a }
    body { background: #11161d }
  }
  * { box-sizing: border-box }
  body { margin: 0; font: 16px/1.55 system-ui, "DejaVu Sans", sans-serif; color: var(--text) }
  main { max-width: 50rem; margin: 0 auto; padding: 3rem 1.25rem 4rem }
  h1 { font-size: 2rem; line-height: 1.2; margin: 0 }
  h2 { font-size: 1.05rem; margin: 2.5rem 0 .75rem }
  .lead { margin: .25rem 0 1rem; color: var(--dim) }
  #readiness { margin: 0; padding: .6rem .9rem; border: 1px solid var(--line); border-left: 4px solid var(--dim); border-radius: 4px }
  #readiness.good { border-left-color: var(--good) }
  #readiness.bad { border-left-color: var(--bad) }
  a { color: inherit }
  dl { margin: 0; border-top: 1px solid var(--line) }
  dl div { display: grid; grid-template-columns: 9rem 1fr; gap: 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line) }
  dt { font-weight: 600 }
  dd { margin: 0; overflow-wrap: anywhere }
  small { display: block; color: var(--dim) }
  ol { padding-left: 1.25rem }
  li { margin: .3rem 0 }
  code, kbd { font: .9em/1.5 ui-monospace, "DejaVu Sans Mono", monospace }
  kbd { padding: .05rem .35rem; border: 1px solid var(--line); border-radius: 4px; background: var(--soft) }
  pre { margin: 0; padding: 1rem; overflow-x: auto; background: var(--soft); border: 1px solid var(--line); border-radius: 6px }
  pre i, em { color: var(--dim); font-style: normal }
  @media (max-width: 34rem) { dl div { grid-template-columns: 1fr; gap: 0 } }
`;
