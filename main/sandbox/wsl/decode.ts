/** Makes text of what Windows' programs print; pure. */

/**
 * Text of bytes in whatever encoding they came: wsl.exe writes UTF-16LE without a mark where it doesn't
 * know WSL_UTF8 (or is the one in Windows itself), and UTF-8 elsewhere; line ends may be CR LF or CR CR LF.
 * Source: microsoft/WSL, WslClient.cpp; the doubled CR was recorded with Windows' own wsl.exe.
 */
export function decode(bytes: Buffer): string {
  return plain(
    isUtf16(bytes) ? bytes.subarray(0, bytes.length & ~1).toString('utf16le') : bytes.toString('utf8'),
  );
}

/** Text of what was gathered with one character for each byte. */
export function decodeLatin1(bytes: string): string {
  return decode(Buffer.from(bytes, 'latin1'));
}

/** UTF-8 never has a zero byte in a text; UTF-16 has one in each line end at least. */
function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || bytes.includes(0);
}

function plain(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replaceAll('\0', '')
    .replace(/\r+\n/g, '\n')
    .replaceAll('\r', '\n');
}
