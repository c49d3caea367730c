/** Elements that hold nothing, and so have no end tag (HTML, section 13.1.2; `param` holds nothing either, and is obsolete). */
export const VOID_ELEMENTS: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(' '),
)
