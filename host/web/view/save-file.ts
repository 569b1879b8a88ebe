/** Hands a file to the browser's downloads. */

export function saveFile(name: string, parts: readonly Uint8Array[]): void {
  const blob = new Blob(
    parts.map((part) => Uint8Array.from(part)),
    { type: "application/cbor-seq" },
  );
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** 2026-11-28T22:38 as "20261128-2238", UTC. */
export function fileTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
}
