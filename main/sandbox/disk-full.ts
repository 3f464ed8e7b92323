/** How engines, and what they run, say that there is no room. */
export const diskFull = /no space left on device|disk quota exceeded/i;
