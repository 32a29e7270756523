// A program: a site on the port given as second argument that answers "/" and nothing else, one check of the URL
// given with its drill, and the result as JSON. For ports that only a network of its own leaves free.
import { createServer } from 'node:http'
import { drilled } from './drilled.ts'
import { listenOn } from './tcp-server.ts'

const [url = '', port = ''] = process.argv.slice(2)
const server = createServer((request, response) => {
  response.statusCode = request.url === '/' ? 200 : 404
  response.end('said')
})
await using world = await listenOn(server, '127.0.0.1', Number(port))
process.stdout.write(JSON.stringify(await drilled(url, { userAgent: `whydown at ${world.port}` })))
