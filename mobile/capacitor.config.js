// One shell for both stores. It opens the portal itself, so that a new version needs no store; `www` is what shows when
// that cannot be reached on the very first start, before the portal's own worker is there.

const address = process.env.PUBLIC_URL;
if (!address?.startsWith("https://")) throw new Error("Set PUBLIC_URL to the portal's https address first.");

module.exports = {
  appId: process.env.APP_ID ?? "jo.gov.bekhedmetkom",
  appName: "بخدمتكم",
  webDir: "www",
  backgroundColor: "#FAF7F2",
  server: { url: address, errorPath: "index.html", allowNavigation: [new URL(address).hostname] },
  android: { allowMixedContent: false },
  ios: { contentInset: "always", limitsNavigationsToAppBoundDomains: true },
};
