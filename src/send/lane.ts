/**
 * Lane: the receiving provider group of an address, set at freeze, so that no provider's slowness holds up another.
 * The large providers' own domains stand here; others are found by their mail exchangers, see `mx.ts`.
 */

const LANES: Readonly<Record<string, readonly string[]>> = {
  gmail: ['gmail.com', 'googlemail.com'],
  microsoft: countries(
    ['hotmail', 'live', 'outlook', 'windowslive'],
    'com at be ca ch cl cn co.jp co.kr co.th co.uk co.za com.ar com.au com.br com.mx com.tr cz de dk es fi fr gr hu ie in it jp kr lt lv nl no ph pl pt ro rs ru se sg sk th',
    ['msn.com', 'passport.com'],
  ),
  yahoo: countries(
    ['yahoo'],
    'com at be bg ca cl cn co.id co.il co.in co.jp co.kr co.nz co.th co.uk co.za com.ar com.au com.br com.cn com.co com.hk com.mx com.my com.pe com.ph com.sg com.tr com.tw com.ve com.vn cz de dk ee es fi fr gr hr hu ie in it lt lv nl no pl pt ro rs se si sk',
    'aim.com aol.com aol.de aol.fr aol.co.uk att.net bellsouth.net currently.com flash.net myyahoo.com netscape.net pacbell.net rocketmail.com sbcglobal.net swbell.net verizon.net ymail.com'.split(
      ' ',
    ),
  ),
  apple: ['icloud.com', 'mac.com', 'me.com'],
  gmx: 'email.com gmx.at gmx.ch gmx.com gmx.de gmx.eu gmx.fr gmx.info gmx.net gmx.org mail.com web.de'.split(
    ' ',
  ),
  proton: ['pm.me', 'proton.me', 'protonmail.ch', 'protonmail.com'],
  comcast: ['comcast.net', 'xfinity.com'],
  orange: ['orange.fr', 'wanadoo.fr'],
  telekom: ['magenta.de', 't-online.de'],
  mailru: ['bk.ru', 'inbox.ru', 'internet.ru', 'list.ru', 'mail.ru'],
  yandex: 'ya.ru yandex.by yandex.com yandex.kz yandex.ru yandex.ua'.split(' '),
  qq: ['foxmail.com', 'qq.com', 'vip.qq.com'],
  netease: ['126.com', '163.com', 'yeah.net'],
}

/** What stands in no lane of its own. */
export const OTHER = 'other'

/** Every lane there is. */
export const LANE_NAMES: readonly string[] = [...Object.keys(LANES), OTHER]

const LANE_OF = new Map(
  Object.entries(LANES).flatMap(([lane, domains]) => domains.map((name) => [name, lane])),
)

/** By the end of a mail exchanger's name; the first that fits. */
const EXCHANGERS: readonly (readonly [ending: string, lane: string])[] = [
  ['google.com', 'gmail'],
  ['googlemail.com', 'gmail'],
  ['protection.outlook.com', 'microsoft'],
  ['mx.microsoft', 'microsoft'],
  ['outlook.com', 'microsoft'],
  ['hotmail.com', 'microsoft'],
  ['yahoodns.net', 'yahoo'],
  ['icloud.com', 'apple'],
  ['gmx.net', 'gmx'],
  ['gmx.com', 'gmx'],
  ['mail.com', 'gmx'],
  ['web.de', 'gmx'],
  ['protonmail.ch', 'proton'],
  ['comcast.net', 'comcast'],
  ['orange.fr', 'orange'],
  ['t-online.de', 'telekom'],
  ['mail.ru', 'mailru'],
  ['yandex.net', 'yandex'],
  ['yandex.ru', 'yandex'],
  ['qq.com', 'qq'],
  ['netease.com', 'netease'],
]

/** `gmail`, `microsoft`, …, else `other`. The domain is lower-case. */
export function laneOf(domain: string): string {
  return LANE_OF.get(domain) ?? OTHER
}

/** The lane that a mail exchanger receives for, else `other`. */
export function laneOfExchanger(host: string): string {
  const name = host.toLowerCase().replace(/\.$/, '')
  return EXCHANGERS.find(([ending]) => name === ending || name.endsWith(`.${ending}`))?.[1] ?? OTHER
}

/** `hotmail` in `com de` is hotmail.com, hotmail.de. */
function countries(names: readonly string[], endings: string, more: readonly string[]): readonly string[] {
  return [...names.flatMap((name) => endings.split(' ').map((ending) => `${name}.${ending}`)), ...more]
}
