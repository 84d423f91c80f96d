// A developer of another city fetches the description of the API and hands it to her tools: it is held against OpenAPI's own meta-schema.
import { Validator } from '@seriousme/openapi-schema-validator';

async function described({ houses, check, say }) {
  const answer = await fetch(`${houses.sample.origin}/api/openapi.json`);
  check(answer.ok && (answer.headers.get('content-type') || '').startsWith('application/json'), 'the description is served as JSON');
  const document = await answer.json();
  const verdict = await new Validator().validate(document);
  check(verdict.valid, `it is valid OpenAPI: ${JSON.stringify(verdict.errors ?? '').slice(0, 600)}`);
  check(document.openapi.startsWith('3.1'), `it is OpenAPI 3.1, not ${document.openapi}`);
  const doors = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
  for (const door of ['get /api/v1/categories', 'post /api/v1/reports', 'get /api/v1/reports/{code}']) check(doors.includes(door), `${door} is described`);
  const asked = document.paths['/api/v1/reports'].post.parameters.find((one) => one.name === 'Idempotency-Key');
  check(asked && asked.in === 'header' && asked.required, 'the header that a report needs is described');
  say(`${doors.length} doors`);
}

export const parts = { described };
