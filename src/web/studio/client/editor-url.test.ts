import { expect, test } from 'vitest'
import { editorUrl } from './editor-url.js'

const VSCODE = 'vscode://file/{file}:{line}'

test('a file of an editor at home opens at its line', () => {
  expect(editorUrl({ root: '/home/ines/press', editorUrl: VSCODE }, 'issues/a.md', 12)).toBe(
    'vscode://file/home/ines/press/issues/a.md:12',
  )
})

test('what is about the whole file opens it at its first line', () => {
  expect(editorUrl({ root: '/p', editorUrl: VSCODE }, 'issues/a.md', null)).toBe(
    'vscode://file/p/issues/a.md:1',
  )
})

test('spaces, signs of URLs and letters of any language are encoded', () => {
  const url = editorUrl({ root: '/home/Zoë & co/100% #1?', editorUrl: VSCODE }, "issues/it's 港.md", 3)

  expect(url).toBe('vscode://file/home/Zo%C3%AB%20%26%20co/100%25%20%231%3F/issues/it%27s%20%E6%B8%AF.md:3')
  expect(decodeURIComponent(new URL(url).pathname)).toBe("/home/Zoë & co/100% #1?/issues/it's 港.md:3")
})

test('a path of Windows keeps its drive', () => {
  const at = (template: string, root = 'C:\\Users\\Ines Varga\\press\\') =>
    editorUrl({ root, editorUrl: template }, 'issues/a.md', 3)

  expect(at(VSCODE)).toBe('vscode://file/C:/Users/Ines%20Varga/press/issues/a.md:3')
  expect(at('file://{file}')).toBe('file:///C:/Users/Ines%20Varga/press/issues/a.md')
  expect(at('vscode://file{file}:{line}')).toBe('vscode://file/C:/Users/Ines%20Varga/press/issues/a.md:3')
  expect(at(VSCODE, '\\\\nas\\press')).toBe('vscode://file//nas/press/issues/a.md:3')
})

test('each way that editors write it', () => {
  const at = (template: string) => editorUrl({ root: '/p', editorUrl: template }, 'issues/a.md', 3)

  expect(at('idea://open?file={file}&line={line}')).toBe('idea://open?file=/p/issues/a.md&line=3')
  expect(at('txmt://open?url=file://{file}&line={line}')).toBe('txmt://open?url=file:///p/issues/a.md&line=3')
  expect(at('vscode://file{file}:{line}')).toBe('vscode://file/p/issues/a.md:3')
  expect(at('x-edit:{file}')).toBe('x-edit:/p/issues/a.md')
})

test('a file whose name looks like a template stays what it is', () => {
  expect(editorUrl({ root: '/p/$&{line}{file}', editorUrl: VSCODE }, 'issues/a.md', 3)).toBe(
    'vscode://file/p/%24%26%7Bline%7D%7Bfile%7D/issues/a.md:3',
  )
})
