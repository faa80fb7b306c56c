// Encryption to age recipients. Python's half: disclosures/encryption.py.
import {
  Decrypter,
  Encrypter,
  bech32,
  ed25519,
  generateX25519Identity,
  hkdf,
  hmac,
  identityToRecipient,
  sha256,
} from "../vendor/age-0.3.1/crypto.js";
import {
  BUCKETS, CorruptData, TooLarge, buildFrame, canonical, decodeText, encodeText, equalBytes, fromHex, hex, parseFrame,
  parseJsonObject,
} from "./frame.js";

const NO_VOICE = new Uint8Array(32);
const CHALLENGE = encodeText("bekhedmetkom box challenge\n");
const IDENTITY_REQUEST = encodeText("bekhedmetkom box asking\n");
const REASON = { kind: "reason", turn: 0, place: 0 };
const KEY_RING = { kind: "ring", turn: 0, place: 0 };
const IDENTITY = { kind: "identity", turn: 0, place: 0 };
const CONVERSATION = { kind: "answer", turn: 0, place: 0 };

export class NoRecipients extends Error {}

/** Returns a new key pair. */
export async function generateKey() {
  const secret = await generateX25519Identity();
  return { secret, recipient: await identityToRecipient(secret) };
}

export const deriveRecipient = (secret) => identityToRecipient(secret);

export function encrypt(plain, to) {
  const age = new Encrypter();
  for (const recipient of to) age.addRecipient(recipient);
  return age.encrypt(plain);
}

/** Returns the content of an age file or throws CorruptData. */
export async function decrypt(file, secret) {
  const age = new Decrypter();
  try {
    age.addIdentity(secret); // throws for an invalid key: anybody may submit a key ring
    return await age.decrypt(file);
  } catch {
    throw new CorruptData();
  }
}

export const encryptPart = (header, body, voice, to) => encrypt(buildFrame(header, body, voice), to);

/** Decrypts a part, checks its MAC and that its header contains `expect`. Throws CorruptData. */
export async function decryptPart(file, secret, voice, expect) {
  const frame = parseFrame(await decrypt(file, secret), voice);
  if (Object.entries(expect).some(([name, value]) => frame.header[name] !== value)) throw new CorruptData();
  return frame;
}

function encryptSmallFrame(header, body, voice, to) {
  const frame = buildFrame(header, encodeText(canonical(body)), voice);
  if (frame.length !== BUCKETS[0]) throw new TooLarge();
  return encrypt(frame, to);
}

/** Encrypts a key ring to a manifest's officers and the escrow, without showing who is excluded. */
export async function encryptKeyRing({ secret, voice, reader, excluded }, manifest) {
  const out = new Set(excluded);
  if (manifest.officers.every((officer) => out.has(officer.id))) throw new NoRecipients();
  const to = [];
  for (const officer of manifest.officers) {
    to.push(out.has(officer.id) ? (await generateKey()).recipient : officer.recipient);
  }
  const body = { secret, voice: hex(voice), reader, excluded: [...out].sort() };
  return encryptSmallFrame(KEY_RING, body, voice, [...to, manifest.escrow]);
}

export async function decryptKeyRing(file, secret) {
  const frame = await decrypt(file, secret);
  const fields = parseBody(parseFrame(frame, null), KEY_RING);
  const values = [fields.secret, fields.voice, fields.reader];
  if (values.some((value) => typeof value !== "string") || !Array.isArray(fields.excluded)) throw new CorruptData();
  const voice = fromHex(fields.voice);
  parseFrame(frame, voice);
  return { secret: fields.secret, voice, reader: fields.reader, excluded: fields.excluded };
}

const getCustodianRecipients = (manifest) => manifest.custodians.map((custodian) => custodian.recipient);

/** Encrypts the discloser's identity and R's public key to the custodians; an empty identity has the same size. */
export const encryptIdentity = (identity, voice, recipient, manifest) =>
  encryptSmallFrame(IDENTITY, { ...identity, recipient }, voice, getCustodianRecipients(manifest));

/** Decrypts an identity for a custodian. They have no voice key: the officer's page verifies the MAC. */
export async function decryptIdentity(file, secret) {
  const frame = await decrypt(file, secret);
  return { frame, ...parseBody(parseFrame(frame, null), IDENTITY) };
}

/** Encrypts a released identity to the public key that it contains, not to one from the database. */
export const encryptReleasedIdentity = ({ frame, recipient }) => encrypt(frame, [recipient]);

/** Derives a Commission member's signing key from their private key. */
function deriveSigningKey(secret) {
  const key = bech32.decodeToBytes(secret.toLowerCase()).bytes;
  return hkdf(sha256, key, undefined, encodeText("bekhedmetkom box hand"), 32);
}

/** Returns the public signing key, for the manifest. */
export const deriveSigningPublicKey = (secret) => hex(ed25519.getPublicKey(deriveSigningKey(secret)));

const encodeIdentityRequest = (fields) => new Uint8Array([...IDENTITY_REQUEST, ...encodeText(canonical(fields))]);

/** Encrypts an officer's identity request to the custodians: reason, report (by R's key) and day. It is signed, so that
 * no server can forge one. */
export function encryptReason({ by, day, reason, recipient }, secret, manifest) {
  const fields = { by, day, reason, recipient };
  const signature = hex(ed25519.sign(encodeIdentityRequest(fields), deriveSigningKey(secret)));
  return encryptSmallFrame(REASON, { ...fields, signature }, NO_VOICE, getCustodianRecipients(manifest));
}

/** Returns {by, day, reason, recipient} if an officer of the manifest signed it; else throws CorruptData. */
export async function decryptReason(file, secret, manifest) {
  const { signature, ...fields } = parseBody(parseFrame(await decrypt(file, secret), NO_VOICE), REASON);
  const officer = manifest.officers.find((candidate) => candidate.id === fields.by);
  if (!officer || !isSignedBy(officer, fields, signature)) throw new CorruptData();
  return fields;
}

function isSignedBy(officer, fields, signature) {
  try {
    return ed25519.verify(fromHex(signature), encodeIdentityRequest(fields), fromHex(officer.signs), { zip215: false });
  } catch {
    return false;
  }
}

export const parseIdentity = (frame) => parseJsonObject(frame.body);

export const decryptConversation = async (file, reader) =>
  parseBody(parseFrame(await decrypt(file, reader), NO_VOICE), CONVERSATION);

export const computeAnchor = (voice, recipient) =>
  hmac(sha256, voice, encodeText(`bekhedmetkom box anchor\n${recipient}`));

/** Returns whether this public key is the one that the discloser generated. */
export const isAnchorValid = (voice, recipient, tag) => equalBytes(computeAnchor(voice, recipient), tag);

/** Returns the answer to a challenge. Throws CorruptData for any other file, to be no decryption oracle. */
export async function answerChallenge(file, secret) {
  const plain = await decrypt(file, secret);
  const begins = plain.subarray(0, CHALLENGE.length);
  if (plain.length !== CHALLENGE.length + 32 || !equalBytes(begins, CHALLENGE)) throw new CorruptData();
  return sha256(plain);
}

function parseBody(frame, expect) {
  if (canonical(frame.header) !== canonical(expect)) throw new CorruptData();
  return parseJsonObject(frame.body);
}

export const getText = (frame) => decodeText(frame.body);
