import sharp from 'sharp';

/**
 * The same picture with at most 256 colours, opaque: a figure's flat colours and smoothed edges need no more, and the file is
 * a quarter of the size. Not dithered, which would roughen flat areas and compress badly.
 */
export function withPalette(png: Buffer): Promise<Buffer> {
  return sharp(png)
    .flatten({ background: 'white' })
    .png({ palette: true, colours: 256, dither: 0, effort: 10, compressionLevel: 9 })
    .toBuffer();
}
