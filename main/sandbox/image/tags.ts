/** Where tags of images can be asked for, and which of them are sane. */

/** A name for an image's version can't have other characters. Source: OCI distribution spec. */
export const saneTag = /^\w[\w.-]{0,127}$/;

/** A registry name to ask for tags, and whether it may be asked without a proper certificate. */
export interface TagSource {
  readonly name: string;
  readonly insecure: boolean;
}
