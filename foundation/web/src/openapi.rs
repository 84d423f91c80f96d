//! The OpenAPI 3.1 document, made from the table of doors: the types that a handler takes and answers with are the document.

use crate::{ApiResult, City, Door, Trouble};
use axum::{Json, extract::State};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

/// The schemas of one door, and those that they refer to.
#[derive(Clone, Debug)]
pub struct Schema {
    asked: Option<Value>,
    answer: Value,
    parts: Map<String, Value>,
}

impl Schema {
    pub(crate) fn of<Asked: JsonSchema, Answer: JsonSchema>() -> Self {
        let mut settings = SchemaSettings::draft2020_12();
        settings.definitions_path = "/components/schemas".into();
        let mut asks: SchemaGenerator = settings.clone().for_deserialize().into_generator();
        let mut answers: SchemaGenerator = settings.for_serialize().into_generator();
        let unit = std::any::type_name::<Asked>() == "()";
        let asked = (!unit).then(|| inline::<Asked>(&mut asks));
        let answer = answers.subschema_for::<Answer>().to_value();
        let parts = asks.take_definitions(true).into_iter().chain(answers.take_definitions(true)).collect();
        Self { asked, answer, parts }
    }

    /// The names of the fields that are asked for.
    pub(crate) fn fields(&self) -> Vec<String> {
        let properties = self.asked.as_ref().and_then(|schema| schema.get("properties")).and_then(Value::as_object);
        properties.map(|all| all.keys().cloned().collect()).unwrap_or_default()
    }
}

/// The schema of a type itself, not a reference to it: parameters are listed one by one.
fn inline<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    T::json_schema(generator).to_value()
}

/// The document of these doors.
#[must_use]
pub fn document(list: &[Door]) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let mut schemas: Map<String, Value> = Map::new();
    schemas.insert("Problem".to_owned(), problem());
    for door in list.iter().filter(|door| door.is_api()) {
        if let Some(schema) = &door.schema {
            schemas.extend(schema.parts.clone());
        }
        let methods = paths.entry(door.path).or_insert_with(|| json!({}));
        methods[door.method.as_str().to_lowercase()] = operation(door);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Songhan", "version": env!("CARGO_PKG_VERSION"), "license": { "name": "MPL-2.0", "identifier": "MPL-2.0" } },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn operation(door: &Door) -> Value {
    let in_path = door
        .path
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    let mut parameters: Vec<Value> = in_path.collect();
    parameters.extend(door.keyed.then(in_header));
    let mut operation = json!({ "summary": door.about, "operationId": name_of(door) });
    if let Some(schema) = &door.schema {
        match (&schema.asked, door.method.as_str()) {
            (Some(asked), "GET") => parameters.extend(in_query(asked)),
            (Some(asked), _) => {
                operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": asked } } });
            }
            (None, _) => {}
        }
    }
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
    let answer = door.schema.as_ref().map_or_else(|| json!({ "type": "object" }), |schema| schema.answer.clone());
    let wrong = json!({ "description": "The city says no, or something broke.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
    operation["responses"] = json!({
        "200": { "description": "The answer.", "content": { "application/json": { "schema": answer } } },
        "default": wrong,
    });
    operation
}

fn in_header() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": true,
        "description": "Chosen by the sender, one for each submission: sent again under the same key, it is received once and answered alike.",
        "schema": { "type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$" },
        "example": "2f1d0c7a-9e0b-4c57-8a55-3d1f6f0e7b21",
    })
}

fn in_query(asked: &Value) -> Vec<Value> {
    let required: Vec<&str> =
        asked.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = asked.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties
        .map(|(name, schema)| {
            let about = schema.get("description").cloned().unwrap_or_else(|| json!(""));
            json!({ "name": name, "in": "query", "required": required.contains(&name.as_str()), "description": about, "schema": schema })
        })
        .collect()
}

fn name_of(door: &Door) -> String {
    let words = door.path.trim_start_matches("/api/").replace(['/', '-', '.'], "_").replace(['{', '}'], "");
    format!("{}_{words}", door.method.as_str().to_lowercase())
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "Problem details of RFC 9457.",
        "required": ["type", "title", "status"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string", "description": "The sentence for a person, in the language asked for." },
            "status": { "type": "integer" },
            "reference": { "type": "string", "description": "Names a fault in our log." },
            "fields": {
                "type": "array",
                "description": "What is wrong at which field of the body, when it is about fields.",
                "items": {
                    "type": "object",
                    "required": ["field", "title"],
                    "properties": {
                        "field": { "type": "string", "description": "The name; inside another field, a path as in `contact.phone`." },
                        "title": { "type": "string", "description": "The sentence for a person, in the language asked for." },
                    },
                },
            },
        },
    })
}

/// Serves the document.
pub(crate) async fn serve(State(city): State<City>) -> ApiResult<Value> {
    city.nav.get().map(|nav| Json(nav.openapi.clone())).ok_or(Trouble::NotFound)
}
