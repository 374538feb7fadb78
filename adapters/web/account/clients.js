/** The settings of AI clients, as docs/mcp.md explains them. */

/** @param {unknown} value */
const json = (value) => JSON.stringify(value, null, 2);

/**
 * @param {string} server
 * @param {string} token
 */
const remote = (server, token) => ({ url: `${server}/mcp`, headers: { Authorization: `Bearer ${token}` } });

/** @type {{ name: string, where: string, text: (server: string, token: string) => string }[]} */
export const CLIENTS = [
  {
    name: 'Claude Code',
    where: 'In a terminal:',
    text: (server, token) =>
      `claude mcp add --transport http tasktalk ${server}/mcp --header "Authorization: Bearer ${token}"`,
  },
  {
    name: 'Claude Desktop',
    where: 'Settings → Developer → Edit Config; the command is that of an installed tasktalk, with its full path:',
    text: (server, token) =>
      json({
        mcpServers: {
          tasktalk: { command: 'tasktalk', args: ['mcp', '--server', server], env: { TASKTALK_TOKEN: token } },
        },
      }),
  },
  {
    name: 'VS Code',
    where: '.vscode/mcp.json:',
    text: (server, token) => json({ servers: { tasktalk: { type: 'http', ...remote(server, token) } } }),
  },
  {
    name: 'Cursor',
    where: '.cursor/mcp.json:',
    text: (server, token) => json({ mcpServers: { tasktalk: remote(server, token) } }),
  },
  {
    name: 'Any program',
    where: 'The HTTP API takes the token too:',
    text: (server, token) => `curl ${server}/api/users/me/tasks -H "Authorization: Bearer ${token}"`,
  },
];
