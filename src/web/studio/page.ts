/** The one page of the studio: a shell that its script fills (`client/main.ts`). */

import { STYLE } from './style.js'

export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Pressrun</title>
<link rel="stylesheet" href="/studio.css">
<script type="module" src="/client/main.js"></script>
</head>
<body>
<div id="studio"></div>
<noscript>The studio needs JavaScript: it shows what you write as you write it.</noscript>
</body>
</html>
`

export const SHEET = STYLE
