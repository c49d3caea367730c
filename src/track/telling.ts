/** Whether a network says from where someone acts: a proxy of ours stands for everyone behind it. */

import { isInner } from '../address-range.js'

/** `203.0.113.0/24`; '' when it is not known. */
export function isTelling(network: string): boolean {
  return network !== '' && !isInner(network.slice(0, network.lastIndexOf('/')))
}
