/** The form to write a comment, with what was typed and what is wrong with it. */

import type { ReaderLanguage } from '../../issue/reader-language.js'
import { type CommentProblem, MAX_COMMENT, MAX_COMMENT_NAME } from '../../track/comment-text.js'
import { type Html, html } from '../page.js'
import { COMMENT_WORDS } from '../words/comments.js'

export interface CommentFormState {
  /** As typed. */
  readonly name: string
  readonly text: string
  readonly problems: readonly (CommentProblem | 'tooMany')[]
}

/** It has no action: it posts to its own address, whatever a proxy made of the path. */
export function commentForm({ name, text, problems }: CommentFormState, lang: ReaderLanguage): Html {
  const words = COMMENT_WORDS[lang]
  const wrong = (at: RegExp) => {
    const problem = problems.find((one): one is CommentProblem => one !== 'tooMany' && at.test(one))
    return problem === undefined ? null : words.problems[problem]
  }
  const [nameProblem, textProblem] = [wrong(/^name/), wrong(/^(?:text|links)/)]
  return html`${problems.includes('tooMany') ? html`<p class="error" role="alert">${words.tooMany}</p>\n` : null}<p class="lead">${words.what}</p>
<form method="post">
<p class="field"><label for="name">${words.name}</label><input id="name" name="name" value="${name}" required maxlength="${MAX_COMMENT_NAME}" autocomplete="name" dir="auto" ${about('name', nameProblem)}>${told('name', nameProblem)}
<span class="hint" id="name-hint">${words.nameHint}</span></p>
<p class="field"><label for="text">${words.text}</label><textarea id="text" name="text" rows="8" required maxlength="${MAX_COMMENT}" dir="auto" ${about('text', textProblem)}>
${text}</textarea>${told('text', textProblem)}
<span class="hint" id="text-hint">${words.textHint}</span></p>
<p class="actions"><button>${words.button}</button></p>
</form>
`
}

function about(field: string, problem: string | null): Html {
  return problem === null
    ? html`aria-describedby="${field}-hint"`
    : html`aria-invalid="true" aria-describedby="${field}-problem ${field}-hint"`
}

function told(field: string, problem: string | null): Html | null {
  return problem === null ? null : html`\n<span class="error" id="${field}-problem">${problem}</span>`
}
