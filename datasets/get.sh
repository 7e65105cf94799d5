#!/usr/bin/env bash
# Remakes the data files of this folder from Debian 12 (bookworm) packages and checks their SHA-256.
#
#   ./get.sh              every set whose files are missing or differ from SHA256SUMS
#   ./get.sh iris wine    only these sets
#   ./get.sh -f [SET...]  remake them even if the files are right
#
# Packages are downloaded and unpacked into a temporary folder; nothing is installed. Needs Rscript
# (apt-get install --no-install-recommends r-base-core), except for fashion-mnist, and the package lists (apt-get update).
# A file is put in its place only if its checksum is right.
set -euo pipefail
export LC_ALL=C.UTF-8

fail() { echo "get.sh: $*" >&2; exit 1; }

here=$(cd "$(dirname "$0")" && pwd)
all=(ames breast-cancer car-prices credit diamonds fashion-mnist fine-foods iris satellite spam wine)

force=false
if [ "${1:-}" = -f ]; then force=true; shift; fi
wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=("${all[@]}")
for set in "${wanted[@]}"; do
  [[ " ${all[*]} " == *" $set "* ]] || fail "no set '$set'; the sets are: ${all[*]}"
done

# The lines of SHA256SUMS for one set; the text of the GPL goes with every set.
sums() { awk -v set="$1" '$2 == "GPL-2.txt" || index($2, set "/") == 1' "$here/SHA256SUMS"; }

sets=()
for set in "${wanted[@]}"; do
  if $force || ! (cd "$here" && sums "$set" | sha256sum --check --status 2>/dev/null); then sets+=("$set"); fi
done
if [ ${#sets[@]} -eq 0 ]; then echo "Up to date: ${wanted[*]}"; exit 0; fi

tools=(apt-get dpkg)
[ "${sets[*]}" = fashion-mnist ] || tools+=(Rscript)
for tool in "${tools[@]}"; do
  command -v "$tool" >/dev/null || fail "$tool is missing; on Debian 12: apt-get install --no-install-recommends r-base-core"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/deb" "$work/root" "$work/out"

package() {
  case $1 in
    ames|car-prices|credit|fine-foods) echo r-cran-modeldata=1.1.0-1 ;;
    breast-cancer|iris|wine)           echo python3-sklearn=1.2.1+dfsg-1 ;;
    diamonds)                          echo r-cran-ggplot2=3.4.1+dfsg-1 ;;
    fashion-mnist)                     echo 'dataset-fashion-mnist=0.0~git20200523.55506a9-1' ;;
    satellite)                         echo r-cran-mlbench=2.1-3-1 ;;
    spam)                              echo r-cran-kernlab=0.9-32-1 ;;
  esac
}

mapfile -t packages < <(for set in "${sets[@]}"; do package "$set"; done | sort -u)
(cd "$work/deb" && apt-get -qq -o APT::Sandbox::User="$(id -un)" download "${packages[@]}") ||
  fail "download failed: ${packages[*]} (run apt-get update first)"
for deb in "$work"/deb/*.deb; do dpkg -x "$deb" "$work/root"; done

# scikit-learn: the first line holds counts and class names, the last column the class number.
sklearn() { # file, header, output
  awk -F, -v OFS=, -v header="$2" '
    NR == 1 { for (i = 3; i <= NF; i++) class[i - 3] = $i; print header; next }
    { $NF = class[$NF]; print }
  ' "$work/root/usr/lib/python3/dist-packages/sklearn/datasets/data/$1" > "$work/out/$3"
}

# Fashion-MNIST: the first 10,000 of the 60,000 training images. An IDX file is a header, whose second word is the count, and then the items.
first_images() { # file, header bytes, bytes an item
  local from="$work/root/usr/share/datasets/fashion-mnist/$1"
  { zcat "$from" | head -c 4; printf '\0\0\x27\x10'; zcat "$from" | head -c $(($2 + 10000 * $3)) | tail -c +9; } | gzip -9n
}

cells=radius,texture,perimeter,area,smoothness,compactness,concavity,concave_points,symmetry,fractal_dimension
wdbc=$(for s in mean se worst; do echo "$cells" | sed "s/,/_$s,/g; s/\$/_$s/"; done | paste -sd,)

for set in "${sets[@]}"; do
  mkdir "$work/out/$set"
  case $set in
    iris) sklearn iris.csv sepal_length,sepal_width,petal_length,petal_width,species iris/iris.csv ;;
    wine) sklearn wine_data.csv alcohol,malic_acid,ash,alcalinity_of_ash,magnesium,total_phenols,flavanoids,nonflavanoid_phenols,proanthocyanins,color_intensity,hue,od280_od315,proline,class wine/wine.csv ;;
    breast-cancer) sklearn breast_cancer.csv "$wdbc,diagnosis" breast-cancer/breast-cancer.csv ;;
    fashion-mnist)
      cp "$work/root/usr/share/datasets/fashion-mnist/"t10k-*.gz "$work/out/fashion-mnist/"
      # head leaves zcat before its end, which is no error here.
      set +o pipefail
      first_images train-images-idx3-ubyte.gz 16 784 > "$work/out/fashion-mnist/train-images-idx3-ubyte.gz"
      first_images train-labels-idx1-ubyte.gz 8 1 > "$work/out/fashion-mnist/train-labels-idx1-ubyte.gz"
      set -o pipefail ;;
  esac
done

cat > "$work/csv.R" <<'R'
args <- commandArgs(trailingOnly = TRUE)
library_folder <- args[1]; out <- args[2]; sets <- args[-(1:2)]

# Plain decimals with the fewest digits, 15 or 17, that read back as the same number.
decimal <- function(v) {
  for (digits in c(15, 17)) {
    s <- format(v, digits = digits, scientific = FALSE, trim = TRUE)
    if (as.numeric(s) == v) return(s)
  }
  stop("no round trip: ", s)
}

field <- function(x) {
  if (is.numeric(x)) {
    u <- unique(x[!is.na(x)])
    s <- vapply(u, decimal, "")[match(x, u)]
  } else {
    s <- trimws(enc2utf8(as.character(x)))
    stopifnot(!any(s == "", na.rm = TRUE))
    quote <- !is.na(s) & grepl("[\",\r\n]", s)
    s[quote] <- paste0("\"", gsub("\"", "\"\"", s[quote], fixed = TRUE), "\"")
  }
  s[is.na(x)] <- ""
  s
}

csv <- function(path, data) {
  lines <- do.call(paste, c(unname(lapply(as.data.frame(data), field)), sep = ","))
  con <- file(file.path(out, path), "wb")
  writeLines(c(paste(names(data), collapse = ","), lines), con, sep = "\n", useBytes = TRUE)
  close(con)
}

lazy <- function(package) {
  e <- new.env()
  lazyLoad(file.path(library_folder, package, "data", "Rdata"), envir = e)
  e
}

rda <- function(package, name) {
  e <- new.env()
  load(file.path(library_folder, package, "data", paste0(name, ".rda")), envir = e)
  e[[name]]
}

for (set in sets) switch(set,
  "ames"       = csv("ames/ames.csv", lazy("modeldata")$ames),
  "car-prices" = csv("car-prices/car-prices.csv", lazy("modeldata")$car_prices),
  "credit"     = csv("credit/credit.csv", lazy("modeldata")$credit_data),
  "diamonds"   = csv("diamonds/diamonds.csv", lazy("ggplot2")$diamonds),
  "fine-foods" = {
    csv("fine-foods/train.csv", lazy("modeldata")$training_data)
    csv("fine-foods/test.csv", lazy("modeldata")$testing_data)
  },
  "satellite"  = csv("satellite/satellite.csv", rda("mlbench", "Satellite")),
  "spam"       = csv("spam/spam.csv", rda("kernlab", "spam")))
R
[ "${sets[*]}" = fashion-mnist ] || Rscript --vanilla "$work/csv.R" "$work/root/usr/lib/R/site-library" "$work/out" "${sets[@]}"
cp /usr/share/common-licenses/GPL-2 "$work/out/GPL-2.txt"

for set in "${sets[@]}"; do
  sums "$set" > "$work/sums"
  (cd "$work/out" && sha256sum --check --quiet "$work/sums") || fail "$set differs from SHA256SUMS; nothing was changed"
done
chmod -R u=rwX,go=rX "$work/out"
cp -r "$work/out/." "$here/"
(cd "$here" && for set in "${sets[@]}"; do sums "$set"; done | sort -u -k2 | sha256sum --check)
