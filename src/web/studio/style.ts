/** The looks of the studio, put together from a sheet for each of its places. */

export const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; }
`
