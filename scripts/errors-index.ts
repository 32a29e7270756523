// `node scripts/errors-index.ts`: writes docs/errors.md from the articles. Decides nothing about its contents.
import { writeFileSync } from 'node:fs'
import { loadKnowledge } from '../src/engine/explain.ts'
import { articlesIndex } from '../src/knowledge/articles-index.ts'

const knowledge = loadKnowledge()
writeFileSync(new URL('../docs/errors.md', import.meta.url), articlesIndex(knowledge))
console.log(`docs/errors.md: ${knowledge.articles.length} articles`)
