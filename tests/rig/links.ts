/** Paths that stand in a Message, signed for its Delivery. */

import { signToken } from '../../src/link/token.js'
import { KEYS } from './web-place.js'

type DeliveryId = number | undefined

export const pixelOf = (id: DeliveryId) => `/o/${signToken(KEYS, 'read', id ?? 0)}.gif`
export const clickOf = (id: DeliveryId, index: number | string) =>
  `/c/${signToken(KEYS, 'read', id ?? 0)}/${index}`
export const leaveOf = (id: DeliveryId) => `/u/${signToken(KEYS, 'leave', id ?? 0)}`
export const preferencesOf = (id: DeliveryId) => `/p/${signToken(KEYS, 'leave', id ?? 0)}`
/** Of the form below an Issue. */
export const commentOf = (id: DeliveryId, slug: string) =>
  `/issues/${slug}/comment/${signToken(KEYS, 'leave', id ?? 0)}`
/** Of the question that a Notice asks. */
export const noticeOf = (id: number | undefined) => `/n/${signToken(KEYS, 'notice', id ?? 0)}`
