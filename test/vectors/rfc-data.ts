/** All bytes in hexadecimal. */

/** The bytes `first`, first + 1, … `last`. */
function run(first: number, last: number): string {
  let text = "";
  for (let byte = first; byte <= last; byte++) text += byte.toString(16).padStart(2, "0");
  return text;
}

function ascii(text: string): string {
  let hex = "";
  for (const character of text) hex += character.charCodeAt(0).toString(16).padStart(2, "0");
  return hex;
}

export const SHA256 = [
  { name: "empty", message: "", hash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
  {
    name: "one block",
    message: ascii("abc"),
    hash: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  },
  {
    name: "two blocks",
    message: ascii("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
    hash: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  },
] as const;

export const HMAC = [
  {
    name: "4.2",
    key: "0b".repeat(20),
    message: ascii("Hi There"),
    mac: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  },
  {
    name: "4.3, a key shorter than the output",
    key: ascii("Jefe"),
    message: ascii("what do ya want for nothing?"),
    mac: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  },
  {
    name: "4.7, a key longer than a block",
    key: "aa".repeat(131),
    message: ascii("Test Using Larger Than Block-Size Key - Hash Key First"),
    mac: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  },
] as const;

export const HKDF = [
  {
    name: "A.1",
    ikm: "0b".repeat(22),
    salt: run(0x00, 0x0c),
    info: run(0xf0, 0xf9),
    prk: "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
    okm: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  },
  {
    name: "A.2, longer inputs",
    ikm: run(0x00, 0x4f),
    salt: run(0x60, 0xaf),
    info: run(0xb0, 0xff),
    prk: "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
    okm: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
  },
  {
    name: "A.3, neither salt nor info",
    ikm: "0b".repeat(22),
    salt: "",
    info: "",
    prk: "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
    okm: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  },
] as const;

const RFC_3610_KEY = run(0xc0, 0xcf);
const SP_800_38C_KEY = run(0x40, 0x4f);

export const AES_CCM = [
  {
    name: "RFC 3610 packet vector 1",
    key: RFC_3610_KEY,
    nonce: "00000003020100a0a1a2a3a4a5",
    aad: run(0x00, 0x07),
    plaintext: run(0x08, 0x1e),
    tag: 8,
    sealed: "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0",
  },
  {
    name: "RFC 3610 packet vector 2, whole blocks",
    key: RFC_3610_KEY,
    nonce: "00000004030201a0a1a2a3a4a5",
    aad: run(0x00, 0x07),
    plaintext: run(0x08, 0x1f),
    tag: 8,
    sealed: "72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916",
  },
  {
    name: "RFC 3610 packet vector 3",
    key: RFC_3610_KEY,
    nonce: "00000005040302a0a1a2a3a4a5",
    aad: run(0x00, 0x07),
    plaintext: run(0x08, 0x20),
    tag: 8,
    sealed: "51b1e5f44a197d1da46b0f8e2d282ae871e838bb64da8596574adaa76fbd9fb0c5",
  },
  {
    name: "RFC 3610 packet vector 4, 12 bytes of aad",
    key: RFC_3610_KEY,
    nonce: "00000006050403a0a1a2a3a4a5",
    aad: run(0x00, 0x0b),
    plaintext: run(0x0c, 0x1e),
    tag: 8,
    sealed: "a28c6865939a9a79faaa5c4c2a9d4a91cdac8c96c861b9c9e61ef1",
  },
  {
    name: "RFC 3610 packet vector 7, a tag of 10",
    key: RFC_3610_KEY,
    nonce: "00000009080706a0a1a2a3a4a5",
    aad: run(0x00, 0x07),
    plaintext: run(0x08, 0x1e),
    tag: 10,
    sealed: "0135d1b2c95f41d5d1d4fec185d166b8094e999dfed96c048c56602c97acbb7490",
  },
  {
    name: "SP 800-38C C.1",
    key: SP_800_38C_KEY,
    nonce: run(0x10, 0x16),
    aad: run(0x00, 0x07),
    plaintext: run(0x20, 0x23),
    tag: 4,
    sealed: "7162015b4dac255d",
  },
  {
    name: "SP 800-38C C.2",
    key: SP_800_38C_KEY,
    nonce: run(0x10, 0x17),
    aad: run(0x00, 0x0f),
    plaintext: run(0x20, 0x2f),
    tag: 6,
    sealed: "d2a1f0e051ea5f62081a7792073d593d1fc64fbfaccd",
  },
  {
    name: "SP 800-38C C.3",
    key: SP_800_38C_KEY,
    nonce: run(0x10, 0x1b),
    aad: run(0x00, 0x13),
    plaintext: run(0x20, 0x37),
    tag: 8,
    sealed: "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951",
  },
  {
    name: "SP 800-38C C.4, 65,536 bytes of aad",
    key: SP_800_38C_KEY,
    nonce: run(0x10, 0x1c),
    aad: run(0x00, 0xff).repeat(256),
    plaintext: run(0x20, 0x3f),
    tag: 14,
    sealed: "69915dad1e84c6376a68c2967e4dab615ae0fd1faec44cc484828529463ccf72b4ac6bec93e8598e7f0dadbcea5b",
  },
] as const;

export const ED25519 = [
  {
    name: "TEST 1",
    secret: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    name: "TEST 2",
    secret: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    message: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    name: "TEST 3",
    secret: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
  {
    name: "TEST SHA(abc)",
    secret: "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
    publicKey: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    message:
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    signature:
      "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
  },
] as const;

const A_2_5 = {
  secret: "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
  publicKey:
    "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
};

export const ECDSA = [
  {
    ...A_2_5,
    name: "sample, whose s is high",
    message: ascii("sample"),
    signature:
      "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
  },
  {
    ...A_2_5,
    name: "test",
    message: ascii("test"),
    signature:
      "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
  },
] as const;

export const X25519 = [
  {
    name: "5.2, first",
    scalar: "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
    u: "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
    result: "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
  },
  {
    name: "5.2, second: the top bit of u is masked",
    scalar: "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
    u: "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
    result: "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
  },
  {
    name: "6.1, Alice",
    scalar: "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
    u: "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
    result: "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
  },
  {
    name: "6.1, Bob",
    scalar: "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
    u: "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
    result: "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
  },
] as const;

export const X25519_LONG = "1,000 times";

export const X25519_ITERATED = [
  { name: "once", times: 1, result: "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079" },
  {
    name: X25519_LONG,
    times: 1000,
    result: "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51",
  },
] as const;
