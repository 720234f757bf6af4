//! The examples of the document: there for whatever can be sent, and accepted as they are once the
//! identifiers are those of real things.

use super::subject::subject;
use crate::access::operations;
use crate::access::stage::Stage;
use crate::access::table::table;

#[tokio::test]
async fn every_body_and_every_parameter_has_an_example_that_is_accepted() {
    let stage = Stage::set().await;
    let operations = operations(&stage).await;
    let document = stage.world.api.get("/openapi.json").await.expect(200).json();
    let (mut flaws, mut bodies) = (Vec::new(), 0);
    for row in table() {
        let (method, template) = operations[row.operation].clone();
        let operation = document["paths"][&template][method.to_lowercase()].clone();
        let subject = subject(&stage, &row, (template, operation, &document)).await;
        for parameter in subject.operation["parameters"].as_array().into_iter().flatten() {
            let schema = super::schema::resolved(&document, &parameter["schema"]);
            // The words of a list are their own examples, whether one or several are taken.
            let one = super::schema::resolved(&document, &schema["items"]);
            let words = !schema["enum"].is_null() || !one["enum"].is_null();
            if parameter["schema"]["example"].is_null() && !words {
                flaws.push(format!("{}: no example of {}", subject.id, parameter["name"]));
            }
        }
        let Some(schema) = subject.schema() else { continue };
        bodies += 1;
        if super::schema::resolved(&document, schema)["example"].is_null() {
            flaws.push(format!("{}: no example of its body", subject.id));
            continue;
        }
        let answer = subject.ready.call(&stage.world.api).await;
        if !matches!(answer.status, 200..=299 | 404 | 409) {
            flaws.push(format!("{} → {}: {}", subject.id, answer.status, answer.body));
        }
    }
    super::none(&flaws, bodies);
    assert!(bodies >= 15, "{bodies} operations that read JSON");
}
