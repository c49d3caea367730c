/** What an engine does; several may share the work on several machines. Apart from it, so that naming them loads none of it. */

export const PARTS = ['web', 'deliver', 'schedule', 'ingest', 'bounces'] as const
export type Part = (typeof PARTS)[number]
