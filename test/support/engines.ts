/**
 * The engines that the environment of the test run names, for the services under test: so the same
 * suite runs on real ones (CONTRIBUTING.md, Tests). Without, each service has its own embedded
 * ones.
 */
export const ENGINES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && /^(DRACHTIO|FREESWITCH)_|^SIP_(PORT|TRUSTED_PROXIES)$/.test(name)
      ? [[name, value]]
      : [],
  ),
);

/**
 * For tests of what only the embedded engines do, or show: a reason to skip them where they run on
 * others.
 */
export const UNLESS_EMBEDDED: { skip: false | string } = {
  skip: ENGINES['DRACHTIO_HOST'] === undefined ? false : 'the engines are not the embedded ones',
};
