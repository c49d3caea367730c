/** The one page of the studio: a shell that its script fills (`client/main.ts`). */

import { STYLE } from './style.js'

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='4' fill='%239b2226'/%3E%3Cpath d='M11 25V8h7a5 5 0 0 1 0 10h-7' fill='none' stroke='%23fff' stroke-width='3'/%3E%3C/svg%3E"

export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Pressrun</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="/studio.css">
<script type="module" src="/client/main.js"></script>
</head>
<body>
<div class="studio" id="studio"></div>
<noscript>The studio needs JavaScript: it shows what you write as you write it.</noscript>
</body>
</html>
`

/** An address that the studio has not, opened by a person. */
export const NO_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>No page here · Pressrun</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="/studio.css">
</head>
<body>
<main style="padding: 32px 24px">
<h1>There is no page here</h1>
<p>The address may have been mistyped. <a href="/">See all issues</a></p>
</main>
</body>
</html>
`

export const SHEET = STYLE
