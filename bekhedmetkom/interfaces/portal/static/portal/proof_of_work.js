// Proof of work after many submissions from one network (identity/rate_limit.py).

self.proofOfWork = async (challenge, wanted) => {
  const AT_ONCE = 512, encoder = new TextEncoder();
  for (let first = 0; ; first += AT_ONCE) {
    const proofs = Array.from({ length: AT_ONCE }, (_, n) => `${challenge}.${(first + n).toString(36)}`);
    const digests = await Promise.all(proofs.map((proof) => crypto.subtle.digest("SHA-256", encoder.encode(proof))));
    const found = digests.findIndex((digest) => Math.clz32(new DataView(digest).getUint32()) >= wanted); // 32 at most
    if (found >= 0) return proofs[found];
  }
};
