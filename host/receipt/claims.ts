/** Private claims of what hosts sign; those of devices and of Authorities are numbered above them. */
export const PRIVATE_CLAIM = { receipt: -65544, seal: -65545 } as const;
