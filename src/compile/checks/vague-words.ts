/**
 * Words that say nothing of where a link leads, as screen readers list them out of their sentence. Compared without
 * case and marks; short lists, since a wrong guess is worse than none.
 */

const VAGUE: Readonly<Record<string, string>> = {
  en:
    'here|click|click here|click this|tap here|this|this link|link|more|read more|see more|' +
    'learn more|find out more|view more|details|more info|more information|read this|see here|' +
    'read here|read it here|go|continue|continue reading|source',
  de:
    'hier|hier klicken|klicken sie hier|klick hier|klicke hier|mehr|mehr lesen|weiterlesen|' +
    'lesen sie mehr|mehr erfahren|mehr dazu|mehr infos|link|dieser link|details|quelle|weiter',
  fr:
    'ici|cliquez ici|cliquer ici|cliquez|lien|ce lien|plus|lire plus|en savoir plus|' +
    'lire la suite|voir plus|suite|plus d’infos|détails|source',
  es:
    'aquí|haga clic aquí|haz clic aquí|clic aquí|pincha aquí|pulse aquí|enlace|este enlace|' +
    'más|leer más|ver más|saber más|más información|seguir leyendo|detalles|fuente',
  it:
    'qui|clicca qui|cliccate qui|clicca|link|questo link|più|leggi di più|leggi tutto|' +
    'scopri di più|per saperne di più|continua|continua a leggere|dettagli|fonte',
  pt:
    'aqui|clique aqui|clica aqui|link|este link|mais|leia mais|ler mais|saiba mais|ver mais|' +
    'veja mais|mais informações|continue lendo|detalhes|fonte',
  nl:
    'hier|klik hier|klik|link|deze link|meer|lees meer|meer lezen|lees verder|meer informatie|' +
    'meer info|verder|details|bron',
  pl:
    'tutaj|tu|kliknij tutaj|kliknij tu|kliknij|link|ten link|więcej|czytaj więcej|' +
    'czytaj dalej|dowiedz się więcej|zobacz więcej|szczegóły|źródło',
  ru:
    'здесь|тут|сюда|нажмите здесь|нажмите сюда|кликните здесь|ссылка|по ссылке|подробнее|' +
    'далее|читать далее|узнать больше|читать дальше|источник',
  uk:
    'тут|сюди|натисніть тут|натисніть сюди|клікніть тут|посилання|за посиланням|докладніше|' +
    'детальніше|далі|читати далі|дізнатися більше|джерело',
  tr:
    'burada|buraya|buradan|tıklayın|buraya tıklayın|tıkla|bağlantı|bu bağlantı|daha fazla|' +
    'devamı|devamını oku|daha fazla bilgi|ayrıntılar|kaynak',
  ar: 'هنا|اضغط هنا|انقر هنا|رابط|الرابط|هذا الرابط|المزيد|اقرأ المزيد|اقرا المزيد|التفاصيل|' + 'المصدر',
  he: 'כאן|פה|לחצו כאן|לחץ כאן|קישור|לינק|עוד|קרא עוד|קראו עוד|למידע נוסף|להמשך קריאה|פרטים|' + 'מקור',
  fa:
    'اینجا|این‌جا|اینجا کلیک کنید|کلیک کنید|لینک|پیوند|بیشتر|بیشتر بخوانید|ادامه|ادامه مطلب|' + 'جزئیات|منبع',
  zh: '这里|这儿|此处|点击|点击这里|点此|点击此处|链接|更多|阅读更多|了解更多|查看更多|详情|来源|這裡|這裏|此處|點擊|點擊這裡|點此|連結|閱讀更多|詳情|來源',
  ja: 'こちら|ここ|こちらをクリック|ここをクリック|クリック|リンク|詳細|詳しくはこちら|続きを読む|もっと見る|もっと読む|続き|出典',
  ko: '여기|여기를 클릭|여기를 클릭하세요|클릭|링크|이 링크|더 보기|더보기|더 읽기|자세히|자세히 보기|출처',
}

/** `lang` is a BCP 47 tag; of a language without a list nothing is vague. */
export function isVague(text: string, lang: string): boolean {
  const words = VAGUE[new Intl.Locale(lang).language]?.split('|') ?? []
  return words.includes(bare(text, lang))
}

/** Without case, arrows, dots, quotes and the like: `Read more →` is `read more`. */
function bare(text: string, lang: string): string {
  return text
    .toLocaleLowerCase(lang)
    .replace(/['’]/g, '’')
    .replace(/[^\p{L}\p{M}\p{N}\s’\u200c]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
