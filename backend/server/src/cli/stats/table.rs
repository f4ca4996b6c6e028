//! Columns of text, aligned as Go's `text/tabwriter` aligns them for docker: at least ten wide, three blanks between.

const LEAST: usize = 10;
const BETWEEN: usize = 3;

/// Aligns cells that end in a tab. A column is a run of lines that have a cell there; another run is measured anew.
pub(super) fn align(text: &str) -> String {
    let (body, rest) = text
        .rsplit_once('\n')
        .map_or(("", text), |(body, rest)| (body, rest));
    let lines: Vec<Vec<&str>> = match text.contains('\n') {
        true => body
            .split('\n')
            .map(|line| line.split('\t').collect())
            .collect(),
        false => Vec::new(),
    };
    let mut out = String::new();
    write_block(&mut out, &lines, &mut Vec::new());
    out + rest
}

/// Writes lines that share the columns whose widths are known, and finds the widths to the right of those.
fn write_block(out: &mut String, lines: &[Vec<&str>], widths: &mut Vec<usize>) {
    let column = widths.len();
    let has_cell = |line: &Vec<&str>| column + 1 < line.len();
    let mut at = 0;
    while at < lines.len() {
        let run = lines[at..].iter().take_while(|line| has_cell(line)).count();
        if run == 0 {
            write_line(out, &lines[at], widths);
            at += 1;
            continue;
        }
        let block = &lines[at..at + run];
        let widest = block
            .iter()
            .map(|line| line[column].chars().count() + BETWEEN)
            .max();
        widths.push(widest.unwrap_or(0).max(LEAST));
        write_block(out, block, widths);
        widths.pop();
        at += run;
    }
}

fn write_line(out: &mut String, line: &[&str], widths: &[usize]) {
    for (i, cell) in line.iter().enumerate() {
        out.push_str(cell);
        if let Some(width) = widths.get(i) {
            let used = cell.chars().count();
            out.extend(std::iter::repeat_n(' ', width.saturating_sub(used)));
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::align;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_at_least_ten() {
        assert_eq!(
            align("A\tB\tC\nlonger than ten\t2\t3\n"),
            "A                 B         C\nlonger than ten   2         3\n"
        );
    }

    #[test]
    fn a_line_without_the_column_begins_a_new_block() {
        assert_eq!(
            align("a\tb\nplain\nlonger than ten\tb\n"),
            "a         b\nplain\nlonger than ten   b\n"
        );
    }

    #[test]
    fn an_empty_cell_keeps_its_place() {
        assert_eq!(align("A\tB\n\tb\n"), "A         B\n          b\n");
        assert_eq!(align("no line end"), "no line end");
        assert_eq!(align("\n"), "\n");
    }
}
