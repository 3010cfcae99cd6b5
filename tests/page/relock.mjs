// npm run lock: write package-lock.json anew. Taken out of what npm writes: the addresses of sponsors, and "latest" as
// a requirement (Lighthouse's trace engine asks for it twice), for which `npm ci` would look at the registry anew.
import { execSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

execSync('npm install --package-lock-only', { stdio: 'inherit' })
const lock = JSON.parse(readFileSync('package-lock.json'))
for (const entry of Object.values(lock.packages)) {
  delete entry.funding
  for (const [name, wanted] of Object.entries(entry.dependencies ?? {}))
    if (wanted === 'latest') entry.dependencies[name] = lock.packages[`node_modules/${name}`].version
}
writeFileSync('package-lock.json', JSON.stringify(lock, null, 2) + '\n')
