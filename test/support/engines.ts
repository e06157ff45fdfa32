/**
 * The engines that the environment of the test run names, for the services under test: so the same suite runs on real ones (CONTRIBUTING.md,
 * Tests). Without, each service has its own embedded ones.
 */
export const ENGINES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && /^(DRACHTIO|FREESWITCH)_|^SIP_PORT$/.test(name) ? [[name, value]] : [],
  ),
);
