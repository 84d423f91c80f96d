// Photos as telephones take them: a real JPEG with the place and the camera written into it; and what is left of that in a served one.

/** A JPEG of this size with EXIF: camera, and a place in degrees. Drawn by the browser at hand. */
export async function photo(page, width, height, hue) {
  const data = await page.evaluate(([w, h, colour]) => {
    const canvas = document.createElement('canvas');
    canvas.width = w;
    canvas.height = h;
    const pen = canvas.getContext('2d');
    const shade = pen.createLinearGradient(0, 0, w, h);
    shade.addColorStop(0, `hsl(${colour} 40% 30%)`);
    shade.addColorStop(1, `hsl(${colour} 30% 75%)`);
    pen.fillStyle = shade;
    pen.fillRect(0, 0, w, h);
    pen.fillStyle = 'rgba(0,0,0,.6)';
    pen.beginPath();
    pen.ellipse(w / 2, h * 0.7, w / 5, h / 10, 0, 0, 7);
    pen.fill();
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1];
  }, [width, height, hue]);
  const jpeg = Buffer.from(data, 'base64');
  return Buffer.concat([jpeg.subarray(0, 2), exif(), jpeg.subarray(2)]);
}

function exif() {
  const parts = [];
  const u16 = (n) => { const b = Buffer.alloc(2); b.writeUInt16BE(n); return b; };
  const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32BE(n); return b; };
  const make = Buffer.from('Songhan Camera\0\0');
  const entry = (tag, kind, count, value) => Buffer.concat([u16(tag), u16(kind), u32(count), value]);
  // TIFF header 8, IFD0 with 2 entries = 2 + 24 + 4, then the name of the camera, then the place's IFD.
  const makeAt = 8 + 30;
  const gpsAt = makeAt + make.length;
  const latAt = gpsAt + 2 + 4 * 12 + 4;
  parts.push(Buffer.from('MM\0*'), u32(8), u16(2), entry(0x010f, 2, 15, u32(makeAt)), entry(0x8825, 4, 1, u32(gpsAt)), u32(0), make);
  const degrees = (d, m, s) => Buffer.concat([u32(d), u32(1), u32(m), u32(1), u32(s), u32(1)]);
  parts.push(u16(4), entry(1, 2, 2, Buffer.from('N\0\0\0')), entry(2, 5, 3, u32(latAt)), entry(3, 2, 2, Buffer.from('E\0\0\0')), entry(4, 5, 3, u32(latAt + 24)), u32(0));
  parts.push(degrees(12, 1, 29), degrees(110, 30, 36));
  const tiff = Buffer.concat(parts);
  const body = Buffer.concat([Buffer.from('Exif\0\0'), tiff]);
  return Buffer.concat([Buffer.from([0xff, 0xe1]), u16(body.length + 2), body]);
}

/** Size and hidden parts of a JPEG. */
export function look(bytes) {
  const found = { jpeg: bytes[0] === 0xff && bytes[1] === 0xd8, hidden: [], width: 0, height: 0 };
  for (let at = 2; at + 4 < bytes.length && bytes[at] === 0xff;) {
    const mark = bytes[at + 1];
    const size = bytes.readUInt16BE(at + 2);
    if ((mark >= 0xe1 && mark <= 0xef) || mark === 0xfe) found.hidden.push(`segment ${mark.toString(16)}`);
    if (mark >= 0xc0 && mark <= 0xc2) { found.height = bytes.readUInt16BE(at + 5); found.width = bytes.readUInt16BE(at + 7); }
    if (mark === 0xda) break;
    at += 2 + size;
  }
  for (const word of ['Exif', 'Songhan Camera']) if (bytes.includes(word)) found.hidden.push(word);
  return found;
}
