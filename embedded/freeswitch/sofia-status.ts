/** The name under which drachtio-fsmrf looks for us. */
export const PROFILE = 'drachtio_mrf';

function row(name: string, type: string, data: string, state: string): string {
  return `${name.padStart(25)}\t${type}\t  ${data.padStart(40)}\t${state}\n`;
}

/** The table of `sofia status`, in which clients look for the SIP address of the profile. */
export function sofiaStatus(sipAddress: string, sessions: number): string {
  const line = '='.repeat(97);
  return [
    row('Name', '   Type', 'Data', 'State'),
    `${line}\n`,
    row(PROFILE, 'profile', `sip:mod_sofia@${sipAddress}`, `RUNNING (${sessions})`),
    `${line}\n`,
    '1 profile 0 aliases\n',
  ].join('');
}
