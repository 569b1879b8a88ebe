/**
 * Every error code and the integer that it travels as. Numbers are never reused; each module owns a hundred.
 */
export const ERROR_NUMBERS = {
  // 100: cbor
  "cbor/truncated": 100,
  "cbor/trailing": 101,
  "cbor/too-large": 102,
  "cbor/too-deep": 103,
  "cbor/indefinite": 104,
  "cbor/not-shortest": 105,
  "cbor/reserved": 106,
  "cbor/utf8": 107,
  "cbor/duplicate-key": 108,
  "cbor/key-order": 109,
  "cbor/float": 110,
  "cbor/type": 111,

  // 200: crypto
  "crypto/bad-key": 200,
  "crypto/bad-point": 201,
  "crypto/bad-length": 202,
  "crypto/bad-tag": 203,
  "crypto/closed": 204,
  "crypto/unsupported": 205,
  "crypto/failed": 206,
  "crypto/type": 207,

  // 300: cose
  "cose/malformed": 300,
  "cose/algorithm": 301,
  "cose/critical": 302,
  "cose/bad-signature": 303,
  "cose/decrypt": 304,
  "cose/key": 305,
  "cose/header": 306,

  // 400: cwt
  "cwt/malformed": 400,
  "cwt/typ": 401,
  "cwt/expired": 402,
  "cwt/not-yet": 403,
  "cwt/audience": 404,
  "cwt/issuer": 405,
  "cwt/claim": 406,
  "cwt/scope": 407,
  "cwt/status": 408,

  // 500: edhoc
  "edhoc/malformed": 500,
  "edhoc/method": 501,
  "edhoc/suite": 502,
  "edhoc/critical-ead": 503,
  "edhoc/credential": 504,
  "edhoc/unknown-credential": 505,
  "edhoc/mac": 506,
  "edhoc/order": 507,
  "edhoc/peer": 508,

  // 600: flash
  "flash/range": 600,
  "flash/program": 601,
  "flash/corrupt": 602,
  "flash/full": 603,

  // 700: session
  "session/malformed": 700,
  "session/order": 701,
  "session/confirm": 702,
  "session/replay": 703,
  "session/exhausted": 704,
  "session/closed": 705,
  "session/timeout": 706,
  "session/version": 707,
  "session/scope": 708,

  // 800: cardiac
  "cardiac/parameter": 800,
  "cardiac/malformed": 801,
  "cardiac/busy": 802,

  // 900: reading
  "reading/malformed": 900,
  "reading/chain": 901,
  "reading/order": 902,
  "reading/header": 903,

  // 1000: gatt
  "gatt/fragment": 1000,
  "gatt/too-long": 1001,
  "gatt/mtu": 1002,
  "gatt/attribute": 1003,
  "gatt/disconnected": 1004,

  // 1100: device
  "device/command": 1100,
  "device/parameter": 1101,
  "device/busy": 1102,
  "device/unprovisioned": 1103,
  "device/fault": 1104,
  "device/ration": 1105,
  "device/closed": 1106,
  "device/implant": 1107,

  // 1300: credential
  "credential/provisioned": 1300,
  "credential/holder": 1301,
  "credential/anchor": 1302,
  "credential/epoch": 1303,
  "credential/freshness": 1304,
  "credential/delegation": 1305,
  "credential/revoked": 1306,
  "credential/request": 1307,

  // 1400: journal
  "journal/size": 1400,
  "journal/boot": 1401,
  "journal/order": 1402,
  "journal/stream": 1403,
  "journal/too-long": 1404,
  "journal/release": 1405,

  // 1200: host
  "host/input": 1200,
  "host/link": 1201,
  "host/store": 1202,
  "host/ledger": 1203,
  "host/passphrase": 1204,
  "host/receipt": 1210,
  "host/bundle": 1211,
  "host/export": 1212,

  // 1500: audit
  "audit/entry": 1500,
  "audit/malformed": 1501,
  "audit/order": 1502,
  "audit/chain": 1503,
  "audit/head": 1504,
  "audit/outcome": 1505,
  "audit/pending": 1506,
  "audit/too-old": 1507,
} as const;

export type ErrorCode = keyof typeof ERROR_NUMBERS;
