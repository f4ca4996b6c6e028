//! Go templates with the functions docker adds to them (docker/cli, `templates/templates.go`).

use super::{columns::COLUMNS, format::FormatError};
use gtmpl::{Context, Func, FuncError, Value, error::ExecError};
use std::collections::HashMap;

const FUNCTIONS: [(&str, Func); 8] = [
    ("json", json),
    ("split", split),
    ("join", join),
    ("title", title),
    ("lower", lower),
    ("upper", upper),
    ("pad", pad),
    ("truncate", truncate),
];

/// In a heading everything but `pad` leaves the words alone.
const HEADER_FUNCTIONS: [(&str, Func); 8] = [
    ("json", unchanged),
    ("split", unchanged),
    ("join", unchanged),
    ("title", unchanged),
    ("lower", unchanged),
    ("upper", unchanged),
    ("pad", pad),
    ("truncate", unchanged),
];

/// A template that was understood.
pub(super) struct Template(gtmpl::Template);

impl Template {
    /// Reads the template and tries it out, so that a column that does not exist is refused before anything is measured.
    pub(super) fn parse(text: &str) -> Result<Self, FormatError> {
        let template = Self(parsed(text, &FUNCTIONS)?);
        template.fill(&COLUMNS.map(|_| String::new()))?;
        Ok(template)
    }

    /// The template with the texts of [`COLUMNS`] in it.
    pub(super) fn fill(&self, texts: &[String; 9]) -> Result<String, FormatError> {
        let (written, done) = filled(&self.0, texts.each_ref().map(String::as_str));
        done.map(|()| written).map_err(|error| match error {
            ExecError::NoFiledFor(column, _) => FormatError::NoColumn(column),
            other => FormatError::Unusable(other.to_string()),
        })
    }
}

/// The template with the headings in it, as far as it goes: docker too prints what it has when a function refuses a heading,
/// `{{json .}}` for example.
pub(super) fn header(text: &str) -> Result<String, FormatError> {
    let template = parsed(text, &HEADER_FUNCTIONS)?;
    Ok(filled(&template, COLUMNS.map(|(_, heading)| heading)).0)
}

fn parsed(text: &str, functions: &[(&str, Func)]) -> Result<gtmpl::Template, FormatError> {
    let mut template = gtmpl::Template::default();
    template.add_funcs(functions);
    match template.parse(text) {
        Ok(()) => Ok(template),
        Err(error) => Err(FormatError::Unusable(error.to_string())),
    }
}

fn filled(template: &gtmpl::Template, texts: [&str; 9]) -> (String, Result<(), ExecError>) {
    let columns: HashMap<String, Value> = COLUMNS
        .iter()
        .zip(texts)
        .map(|((name, _), text)| ((*name).to_owned(), Value::String(text.to_owned())))
        .collect();
    let mut written = Vec::new();
    let done = template.execute(&mut written, &Context::from(Value::Object(columns)));
    (String::from_utf8_lossy(&written).into_owned(), done)
}

fn text(name: &str, value: Option<&Value>) -> Result<String, FuncError> {
    match value {
        Some(Value::String(text)) => Ok(text.clone()),
        _ => Err(FuncError::Generic(format!("{name} wants a text there"))),
    }
}

fn count(name: &str, value: Option<&Value>) -> Result<usize, FuncError> {
    match value {
        Some(Value::Number(number)) => number.as_u64().and_then(|n| usize::try_from(n).ok()),
        _ => None,
    }
    .filter(|n| *n <= 1000)
    .ok_or_else(|| FuncError::Generic(format!("{name} wants a number from 0 to 1000 there")))
}

fn unchanged(args: &[Value]) -> Result<Value, FuncError> {
    text("a heading", args.first()).map(Value::String)
}

fn lower(args: &[Value]) -> Result<Value, FuncError> {
    Ok(Value::String(text("lower", args.first())?.to_lowercase()))
}

fn upper(args: &[Value]) -> Result<Value, FuncError> {
    Ok(Value::String(text("upper", args.first())?.to_uppercase()))
}

/// Go's `strings.Title`: the first letter of every word.
fn title(args: &[Value]) -> Result<Value, FuncError> {
    let mut titled = String::new();
    let mut inside = false;
    for c in text("title", args.first())?.chars() {
        match inside {
            true => titled.push(c),
            false => titled.extend(c.to_uppercase()),
        }
        inside = c.is_alphanumeric() || c == '_' || (!c.is_ascii() && !c.is_whitespace());
    }
    Ok(Value::String(titled))
}

fn split(args: &[Value]) -> Result<Value, FuncError> {
    let (whole, at) = (text("split", args.first())?, text("split", args.get(1))?);
    let parts: Vec<Value> = match at.as_str() {
        "" => whole
            .chars()
            .map(|c| Value::String(c.to_string()))
            .collect(),
        at => whole
            .split(at)
            .map(|part| Value::String(part.to_owned()))
            .collect(),
    };
    Ok(Value::Array(parts))
}

fn join(args: &[Value]) -> Result<Value, FuncError> {
    let Some(Value::Array(parts)) = args.first() else {
        return Err(FuncError::Generic("join wants a list first".to_owned()));
    };
    let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
    Ok(Value::String(parts.join(&text("join", args.get(1))?)))
}

fn pad(args: &[Value]) -> Result<Value, FuncError> {
    let source = text("pad", args.first())?;
    let (before, after) = (count("pad", args.get(1))?, count("pad", args.get(2))?);
    Ok(Value::String(match source.is_empty() {
        true => source,
        false => format!("{}{source}{}", " ".repeat(before), " ".repeat(after)),
    }))
}

/// By bytes, as docker cuts; a letter that would be cut in two goes whole.
fn truncate(args: &[Value]) -> Result<Value, FuncError> {
    let source = text("truncate", args.first())?;
    let most = count("truncate", args.get(1))?;
    let ends = source.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.take_while(|end| *end <= most).last().unwrap_or(0);
    Ok(Value::String(source[..end].to_owned()))
}

/// Go's JSON: the columns in order, and in them `<`, `>` and `&` as escapes; a single text has none.
fn json(args: &[Value]) -> Result<Value, FuncError> {
    let value = args
        .first()
        .ok_or_else(|| FuncError::AtLeastXArgs("json".to_owned(), 1))?;
    let written = match value {
        Value::Object(_) | Value::Map(_) => written(value)
            .replace('<', "\\u003c")
            .replace('>', "\\u003e")
            .replace('&', "\\u0026"),
        other => written(other),
    };
    Ok(Value::String(written))
}

fn written(value: &Value) -> String {
    let quoted = |text: &str| {
        let quoted = serde_json::Value::String(text.to_owned()).to_string();
        quoted
            .replace('\u{2028}', "\\u2028")
            .replace('\u{2029}', "\\u2029")
    };
    match value {
        Value::Object(fields) | Value::Map(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort();
            let fields: Vec<String> = names
                .into_iter()
                .map(|name| format!("{}:{}", quoted(name), written(&fields[name])))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(values) => format!(
            "[{}]",
            values.iter().map(written).collect::<Vec<_>>().join(",")
        ),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Nil | Value::NoValue | Value::Function(_) => "null".to_owned(),
        Value::String(text) => quoted(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled_with(format: &str) -> String {
        let texts = [
            "1B / 2B",
            "0.50%",
            "web",
            "0123456789ab",
            "1.00%",
            "1MiB / 2MiB",
            "a<b> & c",
            "3B / 4B",
            "7",
        ];
        Template::parse(format)
            .unwrap()
            .fill(&texts.map(str::to_owned))
            .unwrap()
    }

    #[test]
    fn dockers_functions_answer_as_dockers_do() {
        for (format, text) in [
            ("{{.PIDs}}", "7"),
            ("{{json .PIDs}}", "\"7\""),
            ("{{json .Name}}", "\"a<b> & c\""),
            (
                "{{upper .Container}} {{lower \"ABC\"}} {{title \"two words\"}}",
                "WEB abc Two Words",
            ),
            ("{{join (split .MemUsage \" / \") \"|\"}}", "1MiB|2MiB"),
            ("{{index (split .MemUsage \" / \") 0}}", "1MiB"),
            ("[{{pad .PIDs 1 2}}] [{{pad \"\" 1 2}}]", "[ 7  ] []"),
            (
                "{{truncate .ID 4}} {{truncate .ID 99}}",
                "0123 0123456789ab",
            ),
            ("{{printf \"%s is %s\" .Container .PIDs}}", "web is 7"),
            ("{{println .PIDs}}", "7\n"),
            ("{{if eq .PIDs \"7\"}}seven{{else}}other{{end}}", "seven"),
            (
                "{{range $i, $x := split \"a,b\" \",\"}}{{$i}}{{$x}} {{end}}",
                "0a 1b ",
            ),
            (
                "{{with .PIDs}}{{.}}{{end}}{{/* nothing */}} {{len .ID}}",
                "7 12",
            ),
            ("{{.Name | lower | printf \"%s!\"}}", "a<b> & c!"),
        ] {
            assert_eq!(filled_with(format), text, "{format}");
        }
    }

    #[test]
    fn the_whole_line_as_json_has_the_nine_columns_in_order() {
        assert_eq!(
            filled_with("{{json .}}"),
            "{\"BlockIO\":\"1B / 2B\",\"CPUPerc\":\"0.50%\",\"Container\":\"web\",\"ID\":\"0123456789ab\",\"MemPerc\":\"1.00%\",\
             \"MemUsage\":\"1MiB / 2MiB\",\"Name\":\"a\\u003cb\\u003e \\u0026 c\",\"NetIO\":\"3B / 4B\",\"PIDs\":\"7\"}"
        );
    }

    #[test]
    fn a_bad_template_is_refused_in_words() {
        for (format, said) in [
            (
                "{{.Foo}}",
                "there is no column Foo; the columns are BlockIO, CPUPerc",
            ),
            ("{{.Foo", "template parsing error"),
            ("{{nope .ID}}", "nope"),
            ("{{truncate .ID 99999999}}", "from 0 to 1000"),
            ("{{upper 3}}", "upper wants a text"),
            ("{{end}}", "template parsing error"),
        ] {
            let refused = Template::parse(format).err().map(|error| error.to_string());
            assert!(
                refused.as_deref().is_some_and(|text| text.contains(said)),
                "{format}: {refused:?}"
            );
        }
    }

    #[test]
    fn a_heading_keeps_its_words_and_its_padding() {
        assert_eq!(
            header("{{lower .Name}}|{{pad .CPUPerc 2 1}}|{{truncate .ID 3}}").unwrap(),
            "NAME|  CPU % |CONTAINER ID"
        );
        assert_eq!(header("{{.Name}} {{json .}} {{.ID}}").unwrap(), "NAME ");
    }
}
