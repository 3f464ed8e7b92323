/** How OpenClaw's makers call its images. */

/** The official image; the only registry that ClawCove names. */
export const officialImage = 'ghcr.io/openclaw/openclaw';

/** The image's own word for its version. Source: OCI image spec, annotations. */
export const imageVersionLabel = 'org.opencontainers.image.version';
