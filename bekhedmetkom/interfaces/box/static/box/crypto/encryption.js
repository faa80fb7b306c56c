// What is sealed to whom, by age. Python's half: disclosures/sealing.py.
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
import { BUCKETS, CorruptData, TooLarge, encodeText, canonical, buildFrame, fromHex, hex, parseJsonObject, equalBytes, decodeText, parseFrame } from "./frame.js";

const NO_VOICE = new Uint8Array(32);
const CHALLENGE = encodeText("bekhedmetkom box challenge\n");
const IDENTITY_REQUEST = encodeText("bekhedmetkom box asking\n");
const REASON = { kind: "reason", turn: 0, place: 0 };
const KEY_RING = { kind: "ring", turn: 0, place: 0 };
const IDENTITY = { kind: "identity", turn: 0, place: 0 };
const CONVERSATION = { kind: "answer", turn: 0, place: 0 };

export class NoRecipients extends Error {}

/** A key pair that no report had before. */
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

/** All that an age file holds, or Broken. */
export async function decrypt(file, secret) {
  const age = new Decrypter();
  try {
    age.addIdentity(secret); // out of a ring that anybody may have sent
    return await age.decrypt(file);
  } catch {
    throw new CorruptData();
  }
}

export const encryptPart = (header, body, voice, to) => encrypt(buildFrame(header, body, voice), to);

/** {header, body} of a piece that is whole, by whom it must be, and the one that belongs here; else Broken. */
export async function decryptPart(file, secret, voice, expect) {
  const piece = parseFrame(await decrypt(file, secret), voice);
  if (Object.entries(expect).some(([name, value]) => piece.header[name] !== value)) throw new CorruptData();
  return piece;
}

function encryptSmallFrame(header, body, voice, to) {
  const frame = buildFrame(header, encodeText(canonical(body)), voice);
  if (frame.length !== BUCKETS[0]) throw new TooLarge();
  return encrypt(frame, to);
}

/** The key ring for the officers of a manifest and the escrow; who is excluded does not show. */
export async function encryptKeyRing({ secret, voice, reader, excluded }, manifest) {
  const out = new Set(excluded);
  if (manifest.officers.every((officer) => out.has(officer.id))) throw new NoRecipients();
  const to = [];
  for (const officer of manifest.officers) {
    to.push(out.has(officer.id) ? (await generateKey()).recipient : officer.recipient);
  }
  return encryptSmallFrame(KEY_RING, { secret, voice: hex(voice), reader, excluded: [...out].sort() }, voice, [...to, manifest.escrow]);
}

export async function decryptKeyRing(file, secret) {
  const frame = await decrypt(file, secret);
  const said = parseBody(parseFrame(frame, null), KEY_RING);
  const words = [said.secret, said.voice, said.reader];
  if (words.some((one) => typeof one !== "string") || !Array.isArray(said.excluded)) throw new CorruptData();
  const voice = fromHex(said.voice);
  parseFrame(frame, voice);
  return { secret: said.secret, voice, reader: said.reader, excluded: said.excluded };
}

/** Who the discloser is, for the custodians; {} where they said nothing, and of the same size. R's key is in it. */
export const encryptIdentity = (who, voice, recipient, manifest) =>
  encryptSmallFrame(IDENTITY, { ...who, recipient }, voice, manifest.custodians.map((one) => one.recipient));

/** What a custodian reads. They have no voice: whether the discloser wrote it, the officer's page checks. */
export async function decryptIdentity(file, secret) {
  const frame = await decrypt(file, secret);
  return { frame, ...parseBody(parseFrame(frame, null), IDENTITY) };
}

/** An identity let go: whole, to the key that the discloser named in it, whatever a database says. */
export const encryptReleasedIdentity = ({ frame, recipient }) => encrypt(frame, [recipient]);

/** What somebody of the Commission signs with: it comes of their one key. */
function deriveSigningKey(secret) {
  const key = bech32.decodeToBytes(secret.toLowerCase()).bytes;
  return hkdf(sha256, key, undefined, encodeText("bekhedmetkom box hand"), 32);
}

/** Its public half, for the manifest. */
export const deriveSigningPublicKey = (secret) => hex(ed25519.getPublicKey(deriveSigningKey(secret)));

const encodeIdentityRequest = (said) => new Uint8Array([...IDENTITY_REQUEST, ...encodeText(canonical(said))]);

/** An officer asks who it was: why, of which report (by R's key) and on which day. Signed, so that no server asks in
 * their place, and to the custodians only. */
export function encryptReason({ by, day, reason, recipient }, secret, manifest) {
  const said = { by, day, reason, recipient };
  const signature = hex(ed25519.sign(encodeIdentityRequest(said), deriveSigningKey(secret)));
  return encryptSmallFrame(REASON, { ...said, signature }, NO_VOICE, manifest.custodians.map((one) => one.recipient));
}

/** {by, day, reason, recipient}, if an officer of the manifest has signed it; else Broken. */
export async function decryptReason(file, secret, manifest) {
  const { signature, ...said } = parseBody(parseFrame(await decrypt(file, secret), NO_VOICE), REASON);
  const officer = manifest.officers.find((one) => one.id === said.by);
  if (!officer || !isSignedBy(officer, said, signature)) throw new CorruptData();
  return said;
}

function isSignedBy(officer, said, signature) {
  try {
    return ed25519.verify(fromHex(signature), encodeIdentityRequest(said), fromHex(officer.signs), { zip215: false });
  } catch {
    return false;
  }
}

export const parseIdentity = (piece) => parseJsonObject(piece.body);

export const decryptConversation = async (file, reader) => parseBody(parseFrame(await decrypt(file, reader), NO_VOICE), CONVERSATION);

export const computeAnchor = (voice, recipient) => hmac(sha256, voice, encodeText(`bekhedmetkom box anchor\n${recipient}`));

/** Whether this public key is the one that the discloser made. */
export const isAnchorValid = (voice, recipient, tag) => equalBytes(computeAnchor(voice, recipient), tag);

/** The answer to a challenge; Broken for anything that is none, so that nobody has other things read by asking. */
export async function answerChallenge(file, secret) {
  const plain = await decrypt(file, secret);
  const begins = plain.subarray(0, CHALLENGE.length);
  if (plain.length !== CHALLENGE.length + 32 || !equalBytes(begins, CHALLENGE)) throw new CorruptData();
  return sha256(plain);
}

function parseBody(piece, expect) {
  if (canonical(piece.header) !== canonical(expect)) throw new CorruptData();
  return parseJsonObject(piece.body);
}

export const getText = (piece) => decodeText(piece.body);
