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
} from "./vendor/age-0.3.1/crypto.js";
import { BUCKETS, Broken, TooLarge, bytes, canonical, framed, fromHex, hex, read, same, text, unframed } from "./frame.js";

const NO_VOICE = new Uint8Array(32);
const CHALLENGE = bytes("bekhedmetkom box challenge\n");
const ASKING = bytes("bekhedmetkom box asking\n");
const REASON = { kind: "reason", turn: 0, place: 0 };
const RING = { kind: "ring", turn: 0, place: 0 };
const IDENTITY = { kind: "identity", turn: 0, place: 0 };
const ANSWER = { kind: "answer", turn: 0, place: 0 };

export class NobodyLeft extends Error {}

/** A key pair that no report had before. */
export async function newKey() {
  const secret = await generateX25519Identity();
  return { secret, recipient: await identityToRecipient(secret) };
}

export const recipientOf = (secret) => identityToRecipient(secret);

export function encrypted(plain, to) {
  const age = new Encrypter();
  for (const recipient of to) age.addRecipient(recipient);
  return age.encrypt(plain);
}

/** All that an age file holds, or Broken. */
export async function decrypted(file, secret) {
  const age = new Decrypter();
  try {
    age.addIdentity(secret); // out of a ring that anybody may have sent
    return await age.decrypt(file);
  } catch {
    throw new Broken();
  }
}

export const sealed = (header, body, voice, to) => encrypted(framed(header, body, voice), to);

/** {header, body} of a piece that is whole, by whom it must be, and the one that belongs here; else Broken. */
export async function opened(file, secret, voice, expect) {
  const piece = unframed(await decrypted(file, secret), voice);
  if (Object.entries(expect).some(([name, value]) => piece.header[name] !== value)) throw new Broken();
  return piece;
}

function small(header, body, voice, to) {
  const frame = framed(header, bytes(canonical(body)), voice);
  if (frame.length !== BUCKETS[0]) throw new TooLarge();
  return encrypted(frame, to);
}

/** The key ring for the officers of a manifest and the escrow; who is excluded does not show. */
export async function sealedRing({ secret, voice, reader, excluded }, manifest) {
  const out = new Set(excluded);
  if (manifest.officers.every((officer) => out.has(officer.id))) throw new NobodyLeft();
  const to = [];
  for (const officer of manifest.officers) {
    to.push(out.has(officer.id) ? (await newKey()).recipient : officer.recipient);
  }
  return small(RING, { secret, voice: hex(voice), reader, excluded: [...out].sort() }, voice, [...to, manifest.escrow]);
}

export async function openedRing(file, secret) {
  const frame = await decrypted(file, secret);
  const said = inside(unframed(frame, null), RING);
  const words = [said.secret, said.voice, said.reader];
  if (words.some((one) => typeof one !== "string") || !Array.isArray(said.excluded)) throw new Broken();
  const voice = fromHex(said.voice);
  unframed(frame, voice);
  return { secret: said.secret, voice, reader: said.reader, excluded: said.excluded };
}

/** Who the discloser is, for the custodians; {} where they said nothing, and of the same size. R's key is in it. */
export const sealedIdentity = (who, voice, recipient, manifest) =>
  small(IDENTITY, { ...who, recipient }, voice, manifest.custodians.map((one) => one.recipient));

/** What a custodian reads. They have no voice: whether the discloser wrote it, the officer's page checks. */
export async function openedIdentity(file, secret) {
  const frame = await decrypted(file, secret);
  return { frame, ...inside(unframed(frame, null), IDENTITY) };
}

/** An identity let go: whole, to the key that the discloser named in it, whatever a database says. */
export const released = ({ frame, recipient }) => encrypted(frame, [recipient]);

/** What somebody of the Commission signs with: it comes of their one key. */
function hand(secret) {
  const key = bech32.decodeToBytes(secret.toLowerCase()).bytes;
  return hkdf(sha256, key, undefined, bytes("bekhedmetkom box hand"), 32);
}

/** Its public half, for the manifest. */
export const signsOf = (secret) => hex(ed25519.getPublicKey(hand(secret)));

const asking = (said) => new Uint8Array([...ASKING, ...bytes(canonical(said))]);

/** An officer asks who it was: why, of which report (by R's key) and on which day. Signed, so that no server asks in
 * their place, and to the custodians only. */
export function sealedReason({ by, day, reason, recipient }, secret, manifest) {
  const said = { by, day, reason, recipient };
  const signature = hex(ed25519.sign(asking(said), hand(secret)));
  return small(REASON, { ...said, signature }, NO_VOICE, manifest.custodians.map((one) => one.recipient));
}

/** {by, day, reason, recipient}, if an officer of the manifest has signed it; else Broken. */
export async function openedReason(file, secret, manifest) {
  const { signature, ...said } = inside(unframed(await decrypted(file, secret), NO_VOICE), REASON);
  const officer = manifest.officers.find((one) => one.id === said.by);
  if (!officer || !signedBy(officer, said, signature)) throw new Broken();
  return said;
}

function signedBy(officer, said, signature) {
  try {
    return ed25519.verify(fromHex(signature), asking(said), fromHex(officer.signs), { zip215: false });
  } catch {
    return false;
  }
}

export const identityIn = (piece) => read(piece.body);

export const openedAnswer = async (file, reader) => inside(unframed(await decrypted(file, reader), NO_VOICE), ANSWER);

export const anchor = (voice, recipient) => hmac(sha256, voice, bytes(`bekhedmetkom box anchor\n${recipient}`));

/** Whether this public key is the one that the discloser made. */
export const anchored = (voice, recipient, tag) => same(anchor(voice, recipient), tag);

/** The answer to a challenge; Broken for anything that is none, so that nobody has other things read by asking. */
export async function answered(file, secret) {
  const plain = await decrypted(file, secret);
  const begins = plain.subarray(0, CHALLENGE.length);
  if (plain.length !== CHALLENGE.length + 32 || !same(begins, CHALLENGE)) throw new Broken();
  return sha256(plain);
}

function inside(piece, expect) {
  if (canonical(piece.header) !== canonical(expect)) throw new Broken();
  return read(piece.body);
}

export const textOf = (piece) => text(piece.body);
