/** The control calls of both sandboxes, as small functions. */

export class ApiError extends Error {}

async function call(method, path, body) {
  const init = { method, headers: {} };
  if (body !== undefined) {
    init.headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError("The sandbox cannot be reached. Is it still running?");
  }
  const text = await response.text();
  const answer = parse(text);
  if (!response.ok) {
    throw new ApiError(
      answer?.error || answer?.message || text || `The sandbox answered ${response.status}.`,
    );
  }
  return answer;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const query = (params) => {
  const text = new URLSearchParams(params).toString();
  return text ? `?${text}` : "";
};

export const status = () => call("GET", "/status");

export const discord = {
  world: () => call("GET", "/discord/sandbox/world"),
  commands: (guildId, userId) =>
    call("GET", `/discord/sandbox/commands${query({ guild_id: guildId, user_id: userId })}`),
  messages: (channelId, userId) =>
    call("GET", `/discord/sandbox/channels/${channelId}/messages${query({ as: userId })}`),
  write: (channelId, userId, content) =>
    call("POST", `/discord/sandbox/channels/${channelId}/messages`, { user_id: userId, content }),
  /** An interaction that began may still end with `error` in its result. */
  interact: (interaction) => call("POST", "/discord/sandbox/interactions", interaction),
};

export const x = {
  world: () => call("GET", "/x/sandbox/world"),
  charges: () => call("GET", "/x/sandbox/charges"),
  settings: () => call("GET", "/x/sandbox/settings"),
  change: (settings) => call("POST", "/x/sandbox/settings", settings),
  write: (authorId, text) => call("POST", "/x/sandbox/posts", { author_id: authorId, text }),
  likeAs: (postId, userId) =>
    call("POST", `/x/sandbox/posts/${postId}/likes`, { user_ids: [userId] }),
  likeAsNew: (postId, count = 1) => call("POST", `/x/sandbox/posts/${postId}/likes`, { count }),
  unlike: (postId, userId) =>
    call("DELETE", `/x/sandbox/posts/${postId}/likes`, { user_ids: [userId] }),
};
