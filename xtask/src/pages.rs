//! Keeps pages true: every path that they name is there, and `docs/adding-an-operation.md` describes what the tree does.

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    const PAGES: [&str; 8] = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "docs/adding-an-operation.md",
        "docs/project-file.md",
        "docs/sandbox.md",
        "runtimes/README.md",
    ];

    /// What stands in backticks or behind a link.
    fn named(text: &str) -> Vec<&str> {
        let code = text.split('`').skip(1).step_by(2);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        code.chain(links)
            .filter(|word| word.contains('/') && !word.contains([' ', '\n', '*', '<', '$', '{', '=', ':', ',']))
            .collect()
    }

    fn is_path_of_ours(word: &str) -> bool {
        let roots = ["crates/", "docs/", "tests/", "xtask/", "benches/", "examples/", "runtimes/", "fuzz/"];
        roots.iter().any(|root| word.starts_with(root)) && !word.contains("SERVICE") && !word.contains("ID")
    }

    #[test]
    fn pages_name_what_is_there() {
        let root = crate::root();
        for page in PAGES {
            let text = fs::read_to_string(root.join(page)).unwrap_or_else(|e| panic!("{page}: {e}"));
            for word in named(&text).into_iter().filter(|word| is_path_of_ours(word)) {
                assert!(root.join(word).exists(), "{page} names {word}, which is not there");
            }
        }
    }

    /// The steps of `docs/adding-an-operation.md` hold for every service: operations lie in files of their own, their
    /// rows in one table, the model's table has the service, and errors are told in `error.rs`.
    #[test]
    fn every_service_is_built_as_the_page_says() {
        let root = crate::root();
        for service in ["apigateway", "dynamodb", "iam", "lambda", "logs"] {
            let source = root.join(format!("crates/tidegate-{service}/src"));
            assert!(source.join("error.rs").exists(), "{service} has no error.rs");
            let files = rust_files(&source);
            let rows: usize = files.iter().map(|text| text.matches("row::<").count()).sum();
            assert!(rows > 0, "{service} has no rows");
            let crowded = files.iter().find(|text| text.matches(" Operation for ").count() > 1);
            assert_eq!(crowded, None, "{service} has several operations in one file");
        }
        for model in ["apigatewayv2", "dynamodb", "iam", "sts", "lambda", "logs"] {
            assert!(root.join(format!("crates/tidegate-model/data/{model}.tsv")).exists(), "{model} has no table");
        }
    }

    fn rust_files(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => found.extend(rust_files(&path)),
                false => found.extend(fs::read_to_string(path)),
            }
        }
        found
    }
}
