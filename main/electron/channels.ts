/** The two names under which the pages' preloads and main speak; everything else goes over ports. */

/** The interface asks for a port to the host; it comes under the same name. */
export const HOST_CHANNEL = 'masquerade:host';
/** The page for the passphrase hands it over; it is answered null once the folder is open, else what to say. */
export const UNLOCK_CHANNEL = 'masquerade:unlock';
