/** Whom messages are from where nobody says and no real transport is set: they don't leave this machine. */

export const LOCAL_FROM = { name: 'Pressrun', address: 'newsletter@pressrun.localhost' }
