import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { answerOf, api } from '../../api/client.js';
import { Loaded } from '../../parts/loaded.js';
import { texts, useTexts } from '../../texts/texts.js';

const TEXTS = texts({
  en: {
    title: 'Installation',
    runs: 'What runs',
    version: 'Version',
    roles: 'Roles',
    ports: 'Ports',
    provisioning: 'Phones fetch from',
    sip: 'Phones register at',
    database: 'Database',
    sipServer: 'SIP server',
    mediaServer: 'Media server',
    health: 'Health',
    ready: 'ready',
    notReady: 'not ready',
    fine: 'fine',
    settings: 'Settings in force',
    setting: 'Setting',
    value: 'Value',
    source: 'From',
    sourceOf: (source: string) => (source === 'environment' ? 'the environment' : 'the default'),
    secret: 'set, not shown',
    notSet: 'not set',
    elsewhere: 'not in this process',
    api: 'The API, for people and for programs',
  },
  de: {
    title: 'Installation',
    runs: 'Was läuft',
    version: 'Version',
    roles: 'Rollen',
    ports: 'Ports',
    provisioning: 'Telefone holen ab von',
    sip: 'Telefone registrieren sich bei',
    database: 'Datenbank',
    sipServer: 'SIP-Server',
    mediaServer: 'Medienserver',
    health: 'Gesundheit',
    ready: 'bereit',
    notReady: 'nicht bereit',
    fine: 'in Ordnung',
    settings: 'Geltende Einstellungen',
    setting: 'Einstellung',
    value: 'Wert',
    source: 'Von',
    sourceOf: (source: string) => (source === 'environment' ? 'der Umgebung' : 'der Vorgabe'),
    secret: 'gesetzt, nicht gezeigt',
    notSet: 'nicht gesetzt',
    elsewhere: 'nicht in diesem Prozess',
    api: 'Die API, für Menschen und für Programme',
  },
});

/** Versions, engines, ports, health, and the settings in force with where each comes from. */
export function InstallationPage() {
  const t = useTexts(TEXTS);
  const query = useQuery({
    queryKey: ['live', 'installation'],
    queryFn: () => answerOf(api.GET('/api/v1/installation')),
  });
  return (
    <>
      <div className="head wrap">
        <h1>{t.title}</h1>
        <span className="grow" />
        <a className="link" href="/docs">
          {t.api}
        </a>
      </div>
      <Loaded query={query}>
        {(installation) => {
          const { engines, ports, health } = installation;
          const facts: [string, string | null][] = [
            [t.version, installation.version],
            [t.roles, installation.roles.join(', ')],
            [
              t.ports,
              Object.entries(ports)
                .map(([name, port]) => `${name} ${port ?? '–'}`)
                .join(', '),
            ],
            [t.provisioning, installation.provisioningUrl],
            [t.sip, installation.sip],
            [t.database, engines.database],
            [t.sipServer, engines.sipServer],
            [t.mediaServer, engines.mediaServer],
          ];
          return (
            <div className="grid">
              {installation.warnings.map((warning) => (
                <p key={warning} className="note tone-warn">
                  <TriangleAlert size={16} aria-hidden="true" />
                  <span>{warning}</span>
                </p>
              ))}
              <section className="panel" aria-labelledby="runs">
                <header>
                  <h2 id="runs">{t.runs}</h2>
                </header>
                <dl className="facts">
                  {facts.map(([name, value]) => (
                    <div key={name} className="pair">
                      <dt>{name}</dt>
                      <dd>{value ?? t.elsewhere}</dd>
                    </div>
                  ))}
                </dl>
              </section>
              <section className="panel" aria-labelledby="health">
                <header>
                  <h2 id="health">{t.health}</h2>
                  <span className="grow" />
                  <span className={`badge tone-${health.ready ? 'ok' : 'stop'}`}>
                    {health.ready ? t.ready : t.notReady}
                  </span>
                </header>
                <dl className="facts">
                  {health.checks.map(({ name, problem }) => (
                    <div key={name} className="pair">
                      <dt>{name}</dt>
                      <dd>{problem ?? t.fine}</dd>
                    </div>
                  ))}
                </dl>
              </section>
              <section className="panel scrolls" tabIndex={0} aria-labelledby="settings">
                <header>
                  <h2 id="settings">{t.settings}</h2>
                </header>
                <table className="list">
                  <thead>
                    <tr>
                      <th scope="col">{t.setting}</th>
                      <th scope="col">{t.value}</th>
                      <th scope="col">{t.source}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {installation.settings.map(({ name, value, source, isSecret }) => (
                      <tr key={name}>
                        <td className="mono">{name}</td>
                        <td className="mono">
                          {isSecret && source === 'environment' ? t.secret : (value ?? t.notSet)}
                        </td>
                        <td>{t.sourceOf(source)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </section>
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
