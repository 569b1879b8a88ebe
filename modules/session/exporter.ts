/**
 * What a finished handshake leaves: a way to derive secrets that both sides know and nobody else does. It has the
 * shape of EDHOC_Exporter (RFC 9528 section 4.2.1), so that whatever follows need not know which handshake it was.
 *
 * @param label unsigned; private ones from 32768
 * @param context bound into the secret
 * @param length in bytes, at most 8160
 */
export type Exporter = (label: number, context: Uint8Array, length: number) => Uint8Array;
