/**
 * How long a phone's registration with the service lasts, in seconds: short, for a NOTIFY must find
 * the way back through the phone's NAT.
 */
export const SERVICE_EXPIRES_SECONDS = 300;

/**
 * How often a phone sends something so that a NAT keeps its way open, in seconds: the shortest that
 * home routers keep one for UDP is half a minute.
 */
export const KEEP_ALIVE_SECONDS = 25;

/** How long the registrations of its own lines last. */
export const LINE_EXPIRES_SECONDS = 600;
