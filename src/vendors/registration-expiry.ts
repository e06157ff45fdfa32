/** How long a phone's registration with the service lasts, in seconds: short, for a NOTIFY must find the way back through the phone's NAT. */
export const SERVICE_EXPIRES_SECONDS = 300;

/** How long the registrations of its own lines last. */
export const LINE_EXPIRES_SECONDS = 600;
